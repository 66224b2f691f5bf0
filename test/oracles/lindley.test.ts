import { seededRandom } from '@servelab/core';
import { afterEach, expect, it } from 'vitest';
import { heldNear, middle } from './figures.js';
import { either } from './form.js';
import { lindleyWaits, meanOf } from './lindley.js';
import { onTheClock } from './on-the-clock.js';
import { BODY_BYTES, startTarget, type Target } from './target.js';

const S = 1e6;
/** Long beside what waking up two idle processes takes, some 2 ms on a small virtual machine. */
const MEAN_SERVICE_MS = 100;
const LOAD = 0.85;
const RUNS = either(3, 5);
const RUN_S = either(12, 24);
/** Requests that take no time, before the load: a server's very first ones meet code that is not compiled yet. */
const WARM_UP = 30;
let target: Target;
afterEach(() => target.stop());

/** Mean waiting time as it was measured, over Lindley's. */
async function runOnce(): Promise<number> {
  const random = seededRandom(5, 'service');
  const serviceMs = Array.from({ length: 800 }, () => -Math.log(1 - random()) * MEAN_SERVICE_MS);
  const warmUpMs = new Array<number>(WARM_UP).fill(0);
  target = await startTarget('../fixtures/single-server-queue.mjs', [...warmUpMs, ...serviceMs].join(','));
  for (let n = 0; n < WARM_UP; n++)
    await fetch(target.url, { method: 'POST', body: Buffer.alloc(BODY_BYTES) });
  const { counts, records } = await target.run({
    load: { mode: 'open', rate_rps: (1000 * LOAD) / MEAN_SERVICE_MS, arrivals: 'poisson' },
    durationUs: RUN_S * S,
  });
  expect(counts.ok).toBe(counts.scheduled);

  const servedUs = serviceMs.slice(0, records.length).map((ms) => ms * 1000);
  const arrivalsUs = records.map(({ scheduled }) => scheduled);
  const expectedUs = meanOf(lindleyWaits(arrivalsUs, servedUs));
  const measuredUs = meanOf(records.map(({ done, scheduled }) => (done ?? 0) - scheduled)) - meanOf(servedUs);
  expect(expectedUs).toBeGreaterThan(100_000);
  return measuredUs / expectedUs;
}

it('measures waiting times within 3 % of Lindley recursion on the schedule that was sent', (context) =>
  onTheClock(context, async () => {
    const ratios: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      ratios.push(await runOnce());
      await target.stop();
    }
    return [heldNear(`Lindley: mean wait, ${RUNS} runs of ${RUN_S} s`, middle(ratios), 3)];
  }));
