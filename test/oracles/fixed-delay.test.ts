import { percentile, sortSamples } from '@servelab/core';
import type { LoadShape } from '@servelab/lab';
import { afterEach, describe, it } from 'vitest';
import { heldAgainst, heldNear, middle } from './figures.js';
import { either } from './form.js';
import { onTheClock } from './on-the-clock.js';
import { type Latency, MISSING, runK6, runWrk } from './outside-generators.js';
import { startTarget, type Target } from './target.js';

const S = 1e6;
/** Two per cent of it are well above what a timer of the server scatters. */
const DELAY_MS = 400;
const CONCURRENCY = 16;
/**
 * For the delay itself. Users who come at the same moment wait for each other while the server reads, and an idle
 * virtual machine takes some milliseconds to wake: little of a long delay, with few users.
 */
const ALONE = { delayMs: 1000, concurrency: 2 };
/** As many as the closed loop gets through. */
const RATE_RPS = (1000 * CONCURRENCY) / DELAY_MS;
const ROUNDS = either(5, 9);
const ROUND_S = either(2, 4);
const TOLERANCE_PCT = 2;
let target: Target;
afterEach(() => target?.stop());

const start = async (delayMs = DELAY_MS) => {
  target = await startTarget('../fixtures/delayed-server.mjs', String(delayMs));
};

async function measure(load: LoadShape): Promise<Latency & { leastMs: number }> {
  const { records } = await target.run({ load, durationUs: ROUND_S * S });
  const latencyMs = sortSamples(records.map(({ done, scheduled }) => ((done ?? 0) - scheduled) / 1000));
  const [leastMs = 0, p50Ms = 0, p99Ms = 0] = [0, 0.5, 0.99].map(
    (q) => percentile(latencyMs, q) ?? Number.NaN,
  );
  return { leastMs, p50Ms, p99Ms };
}

const GENERATORS = [
  {
    name: 'wrk',
    missing: MISSING.wrk,
    load: { mode: 'closed', concurrency: CONCURRENCY },
    ask: () => runWrk(target, CONCURRENCY, ROUND_S),
  },
  {
    name: 'k6',
    missing: MISSING.k6,
    load: { mode: 'open', rate_rps: RATE_RPS, arrivals: 'constant' },
    ask: () => runK6(target, RATE_RPS, ROUND_S),
  },
] as const;

describe('a server with a fixed delay', () => {
  it('has at least that latency, and its median within 2 %', (context) =>
    onTheClock(context, async () => {
      await start(ALONE.delayMs);
      const rounds: Awaited<ReturnType<typeof measure>>[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        rounds.push(await measure({ mode: 'closed', concurrency: ALONE.concurrency }));
      }
      const leastMs = Math.min(...rounds.map((round) => round.leastMs));
      const p50Ms = middle(rounds.map((round) => round.p50Ms));
      const what = `fixed delay of ${ALONE.delayMs} ms`;
      // Node's timers may fire up to 1 ms early.
      return [
        heldAgainst(`${what}: least latency`, leastMs, { from: ALONE.delayMs - 1, unit: 'ms' }),
        heldNear(`${what}: p50 against the delay`, p50Ms / ALONE.delayMs, TOLERANCE_PCT),
      ];
    }));

  // In turns, and the middle one of the rounds: a spell of noise on the machine lasts about as long as a round.
  it.for(GENERATORS)(
    'has the p50 and p99 that $name sees at the same rate, within 2 %',
    ({ name, missing, load, ask }, context) =>
      onTheClock(context, async () => {
        if (missing !== null) context.skip(missing);
        await start();
        const rounds: { own: Latency; outside: Latency }[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          rounds.push({ outside: await ask(), own: await measure(load) });
        }
        return (['p50Ms', 'p99Ms'] as const).map((figure) => {
          const ratio =
            middle(rounds.map(({ own }) => own[figure])) /
            middle(rounds.map(({ outside }) => outside[figure]));
          const oracle = `fixed delay, ${load.mode} loop: ${figure.replace('Ms', '')} against ${name}, ${ROUNDS} rounds`;
          return heldNear(oracle, ratio, TOLERANCE_PCT);
        });
      }),
  );
});
