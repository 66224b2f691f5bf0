import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { PlainHistogram } from './plain-histogram.js';

const BUCKETS = [0.0001, 0.0025, 0.5, 1, 30];

/** What `/metrics` shows after these observations, of ours and of prom-client's. */
async function textsAfter(observations: readonly number[]): Promise<[ours: string, theirs: string]> {
  const texts = [PlainHistogram, Histogram].map(async (Kind) => {
    const registry = new Registry();
    const histogram = new Kind({
      name: 'stage_seconds',
      help: 'A stage\nof "work"',
      buckets: BUCKETS,
      registers: [registry],
    });
    for (const value of observations) histogram.observe(value);
    return await registry.metrics();
  });
  const [ours = '', theirs = ''] = await Promise.all(texts);
  return [ours, theirs];
}

describe('a histogram without labels', () => {
  it('is printed as prom-client prints its own, before any observation too', async () => {
    const [ours, theirs] = await textsAfter([]);
    expect(ours).toBe(theirs);
    expect(ours).toContain('stage_seconds_bucket{le="+Inf"} 0');
  });

  it('counts what is on a bound below it', async () => {
    const [ours, theirs] = await textsAfter([0.5, 30, 30.001]);
    expect(ours).toBe(theirs);
    expect(ours).toContain('stage_seconds_bucket{le="0.5"} 1');
    expect(ours).toContain('stage_seconds_bucket{le="30"} 2');
    expect(ours).toContain('stage_seconds_count 3');
  });

  it('counts any observations as prom-client does', async () => {
    const observation = fc.oneof(fc.double({ min: 0, max: 60, noNaN: true }), fc.constantFrom(...BUCKETS));
    await fc.assert(
      fc.asyncProperty(fc.array(observation, { maxLength: 50 }), async (observations) => {
        const [ours, theirs] = await textsAfter(observations);
        expect(ours).toBe(theirs);
      }),
    );
  });
});
