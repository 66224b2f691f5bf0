import { percentile, seededRandom, sortSamples } from '@servelab/core';
import { readRecords, runDriver } from '@servelab/lab';
import { afterEach, expect, it } from 'vitest';
import { startTarget, type Target } from './target.js';

const S = 1e6;
const MEAN_SERVICE_MS = 60;
const LOAD = 0.85;
const RUNS = 3;
let target: Target;
afterEach(() => target.stop());

/** Lindley 1952: the n-th waits W(n) = max(0, W(n-1) + service(n-1) - gap(n)). */
function waits(arrivalsUs: readonly number[], servedUs: readonly number[]): number[] {
  let wait = 0;
  return arrivalsUs.map((arrivalUs, n) => {
    if (n > 0) wait = Math.max(0, wait + (servedUs[n - 1] ?? 0) - (arrivalUs - (arrivalsUs[n - 1] ?? 0)));
    return wait;
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean waiting time as it was measured, over Lindley's. */
async function runOnce(): Promise<number> {
  const random = seededRandom(5, 'service');
  const serviceMs = Array.from({ length: 400 }, () => -Math.log(1 - random()) * MEAN_SERVICE_MS);
  target = await startTarget('../fixtures/single-server-queue.mjs', serviceMs.join(','));
  const result = await runDriver(
    target.plan({
      load: { mode: 'open', rate_rps: (1000 * LOAD) / MEAN_SERVICE_MS, arrivals: 'poisson' },
      durationUs: 12 * S,
    }),
  );
  const records = await readRecords(result.recordsPath);
  expect(result.counts.ok).toBe(result.counts.scheduled);

  const servedUs = serviceMs.slice(0, records.length).map((ms) => ms * 1000);
  const arrivalsUs = records.map(({ scheduled }) => scheduled);
  const expectedUs = mean(waits(arrivalsUs, servedUs));
  const measuredUs = mean(records.map(({ done, scheduled }) => (done ?? 0) - scheduled)) - mean(servedUs);
  console.log(
    `mean wait ${(measuredUs / 1000).toFixed(2)} ms, by Lindley ${(expectedUs / 1000).toFixed(2)} ms`,
  );
  expect(expectedUs).toBeGreaterThan(50_000);
  return measuredUs / expectedUs;
}

// The middle one of three runs: a spell of noise on the machine spoils one of them at most.
it('measures waiting times within 3 % of Lindley recursion on the schedule that was sent', async () => {
  const ratios: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    ratios.push(await runOnce());
    await target.stop();
  }
  expect(Math.abs((percentile(sortSamples(ratios), 0.5) ?? 0) - 1)).toBeLessThan(0.03);
});
