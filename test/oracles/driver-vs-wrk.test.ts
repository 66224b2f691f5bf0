import { afterEach, it } from 'vitest';
import { heldAgainst, middle } from './figures.js';
import { either } from './form.js';
import { onTheClock } from './on-the-clock.js';
import { MISSING, runWrk } from './outside-generators.js';
import { NULL_SERVER, startTarget, type Target } from './target.js';

const S = 1e6;
const CONCURRENCY = 32;
const ROUNDS = either(3, 7);
const ROUND_S = either(1, 3);
/** The driver records six moments of every request in one thread of Node; wrk, in C, none. */
const LEAST_RATE_SHARE = 0.6;
const LEAST_CPU_SHARE = 0.4;
let target: Target;
afterEach(() => target?.stop());

async function byDriver() {
  const load = { mode: 'closed', concurrency: CONCURRENCY } as const;
  const { counts, cpuS, startedUs, endedUs } = await target.drive({ load, durationUs: ROUND_S * S });
  return { rateRps: (counts.ok / (endedUs - startedUs)) * S, cpuUs: (cpuS * S) / counts.ok };
}

async function byWrk() {
  const { rateRps, cpuS, requests } = await runWrk(target, CONCURRENCY, ROUND_S);
  return { rateRps, cpuUs: (cpuS * S) / requests };
}

// The null server may be the bottleneck of both. CPU time a request tells each client's own ceiling, whatever the server does.
it('sends at least 0.6 times as many requests as wrk, and needs at most 2.5 times the CPU for each', (context) =>
  onTheClock(context, async () => {
    if (MISSING.wrk !== null) context.skip(MISSING.wrk);
    target = await startTarget(NULL_SERVER);
    await byDriver(); // the null server's code is compiled by then
    const rounds: { driver: Awaited<ReturnType<typeof byDriver>>; wrk: Awaited<ReturnType<typeof byWrk>> }[] =
      [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({ driver: await byDriver(), wrk: await byWrk() });
    const [rates, cpus] = [
      rounds.map(({ driver, wrk }) => driver.rateRps / wrk.rateRps),
      rounds.map(({ driver, wrk }) => wrk.cpuUs / driver.cpuUs),
    ];
    const driverRps = Math.round(middle(rounds.map(({ driver }) => driver.rateRps)));
    return [
      heldAgainst(`null server: driver's requests/s (${driverRps}) over wrk's`, middle(rates), {
        from: LEAST_RATE_SHARE,
      }),
      heldAgainst("null server: driver's requests a CPU second over wrk's", middle(cpus), {
        from: LEAST_CPU_SHARE,
      }),
    ];
  }));
