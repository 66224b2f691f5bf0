// A thread of bench/policies.mjs: a cell comes in, the mean latency of every policy in it goes out.
import { parentPort } from 'node:worker_threads';
import { seededRandom } from '@servelab/core';
import choosePlan from '@servelab/serve/choose-plan';
import { arrivalMoments } from '@servelab/serve/internal/arrivals';
import { optimal } from '@servelab/serve/internal/optimal';
import { createPolicy } from '@servelab/serve/internal/policies';
import { simulateLoad } from '@servelab/serve/internal/simulate-load';

const SCATTER = 0.03;
const MAX_WAIT_MS = 50;
const OTHERS = ['none', 'greedy', 'fixed-window', 'slo-adaptive'];
/** Arrivals that the plan is made from where it is given: others than those it is measured on. */
const PLANNED_ON = 60_000;
/** Batches timed a size at warm-up, as the server does. */
const TIMED = 5;

parentPort.on('message', ({ cell, images, seed, known }) =>
  parentPort.postMessage(runCell(cell, images, seed, known)),
);

/** @param known the cell's earlier result: then only the policy that learns runs again */
function runCell({ name, costsMs, arrivals, workers, meanGapMs, ...rest }, images, seed, known) {
  const costsUs = costsMs.map((ms) => ms * 1000);
  const random = (label) => seededRandom(seed, `${name} ${label}`);
  const arrivalsUs = arrivalMoments(arrivals, images, meanGapMs * 1000, random('arrivals'));
  const scatter = Float64Array.from({ length: images }, scatterOf(random('scatter')));
  const maxBatchSize = costsMs.length;
  const options = {
    maxBatchSize,
    batchWaitTimeoutMs: 10,
    maxLatencyMs: 60_000,
    maxWaitMs: MAX_WAIT_MS,
    workers,
  };
  const world = { maxBatchSize, maxWaitUs: MAX_WAIT_MS * 1000, workers, costsUs, arrivalsUs, scatter };
  const run = (policy, measuredCostsUs) =>
    simulateLoad({ ...world, policy, ...(measuredCostsUs && { measuredCostsUs }) });

  const latency = known?.latency ?? {};
  let plan = known?.plan;
  if (known === undefined) {
    for (const other of OTHERS) latency[other] = run(createPolicy(other, options));
    const planned = gapsOf(arrivalMoments(arrivals, PLANNED_ON, meanGapMs * 1000, random('planning')));
    const given = choosePlan({
      costsUs,
      gapsUs: planned,
      meanGapUs: meanGapMs * 1000,
      workers,
      maxWaitUs: MAX_WAIT_MS * 1000,
    });
    plan = given.origin;
    latency['optimal, given'] = run(optimal({ maxBatchSize, maxWaitUs: MAX_WAIT_MS * 1000, workers }, given));
  }

  const timing = scatterOf(random('timing'));
  const measuredUs = costsUs.map((us) => us * median(Array.from({ length: TIMED }, timing)));
  latency['optimal, learned'] = run(createPolicy('optimal', options), measuredUs);

  const best = OTHERS.reduce((one, other) => (latency[other].meanUs < latency[one].meanUs ? other : one));
  const over = (policy) => latency[policy].meanUs / latency[best].meanUs - 1;
  const verdict = { best, given: over('optimal, given'), learned: over('optimal, learned') };
  return { name, arrivals, workers, ...rest, plan, latency, verdict };
}

/** Normal around 1 by the sum of twelve uniform numbers: bounded, so that no time is ever negative. */
function scatterOf(random) {
  return () => {
    let sum = -6;
    for (let n = 0; n < 12; n++) sum += random();
    return 1 + SCATTER * sum;
  };
}

function gapsOf(momentsUs) {
  return momentsUs.map((atUs, n) => (n === 0 ? atUs : atUs - momentsUs[n - 1]));
}

const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];
