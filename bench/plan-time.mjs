// How long a plan takes: the SMDP's solution alone, and with the comparison that follows it, on every cost curve and
// load of bench/policies.mjs. Milliseconds, the middle of the repeats after a warm-up.
//
//   taskset -c 1 node bench/plan-time.mjs [--repeats 5]
import { parseArgs } from 'node:util';
import { seededRandom } from '@servelab/core';
import choosePlan from '@servelab/serve/choose-plan';
import { arrivalMoments } from '@servelab/serve/internal/arrivals';
import { solveSmdp } from '@servelab/serve/internal/smdp';
import { allCells } from './policies/cells.mjs';

const { values } = parseArgs({ options: { repeats: { type: 'string', default: '5' } } });
const GAPS = 4096;

function medianMs(work) {
  work();
  const times = Array.from({ length: Number(values.repeats) }, () => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  });
  return times.sort((one, other) => one - other)[times.length >> 1];
}

let slowest = { smdp: 0, plan: 0 };
console.log(
  `${'cell'.padEnd(40)}${'SMDP ms'.padStart(10)}${'sweeps'.padStart(9)}${'plan ms'.padStart(10)}  plan`,
);
for (const { name, costsMs, arrivals, workers, meanGapMs } of allCells()) {
  const costsUs = costsMs.map((ms) => ms * 1000);
  const moments = arrivalMoments(arrivals, GAPS + 1, meanGapMs * 1000, seededRandom(1, name));
  const gapsUs = Float64Array.from({ length: GAPS }, (_, n) => moments[n + 1] - moments[n]);
  const problem = { costsUs, ratePerUs: 1 / (meanGapMs * 1000 * workers) };
  const smdp = medianMs(() => solveSmdp(problem));
  const request = { costsUs, gapsUs, meanGapUs: meanGapMs * 1000, workers, maxWaitUs: 50_000 };
  const plan = medianMs(() => choosePlan(request));
  slowest = { smdp: Math.max(slowest.smdp, smdp), plan: Math.max(slowest.plan, plan) };
  console.log(
    `${name.padEnd(40)}${smdp.toFixed(1).padStart(10)}${String(solveSmdp(problem).sweeps).padStart(9)}${plan.toFixed(1).padStart(10)}  ${choosePlan(request).origin}`,
  );
}
console.log(`slowest: SMDP ${slowest.smdp.toFixed(1)} ms, plan ${slowest.plan.toFixed(1)} ms`);
