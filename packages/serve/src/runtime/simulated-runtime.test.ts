import { monotonicNowUs, seededRandom } from '@servelab/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRuntime } from './open-runtime.js';
import { simulatedRuntime } from './simulated-runtime.js';

const SIZE = 8;
const CLASSES = 1000;
const spec = {
  kind: 'simulated',
  inputSize: SIZE,
  classCount: CLASSES,
  costMs: [0],
  occupies: 'cpu',
} as const;
const image = (seed: number) => {
  const random = seededRandom(seed, 'image');
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, () => random() * 256);
};
const batchOf = (seeds: readonly number[]) => Uint8Array.from(seeds.flatMap((seed) => [...image(seed)]));
const falling = (probabilities: Float32Array) => [...probabilities].sort((a, b) => b - a);

describe('simulatedRuntime', () => {
  it('answers an image alike in every batch and place', async () => {
    const runtime = simulatedRuntime(spec);
    const seeds = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(seeds, async (batch) => {
        const together = await runtime.run(batchOf(batch), batch.length);
        for (const [place, seed] of batch.entries()) {
          const alone = await runtime.run(image(seed), 1);
          expect(together.subarray(place * CLASSES, (place + 1) * CLASSES)).toEqual(alone);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('tells images apart', async () => {
    const runtime = simulatedRuntime(spec);
    const tops = new Set<number>();
    for (let seed = 0; seed < 50; seed++) {
      const probabilities = await runtime.run(image(seed), 1);
      tops.add(probabilities.indexOf(Math.max(...probabilities)));
    }
    expect(tops.size).toBeGreaterThan(40);
  });

  it('gives five falling confidences that sum to one at most', async () => {
    const runtime = simulatedRuntime(spec);
    for (let seed = 0; seed < 50; seed++) {
      const confidences = falling(await runtime.run(image(seed), 1)).slice(0, 6);
      expect(new Set(confidences.slice(0, 5)).size).toBe(5);
      expect(confidences[5]).toBe(0);
      expect(confidences.reduce((sum, confidence) => sum + confidence, 0)).toBeLessThanOrEqual(1);
    }
  });

  it.each(['cpu', 'device'] as const)('takes at least the time of its cost table (%s)', async (occupies) => {
    const runtime = await openRuntime({ ...spec, costMs: [2, 12], occupies });
    const beforeUs = monotonicNowUs();
    await runtime.run(batchOf([1, 2]), 2);
    expect(monotonicNowUs() - beforeUs).toBeGreaterThanOrEqual(12_000);
    await runtime.close();
  });

  it.each<[occupies: 'cpu' | 'device', otherWorkRan: boolean]>([
    ['cpu', false],
    ['device', true],
  ])('%s: other work runs meanwhile: %s', async (occupies, otherWorkRan) => {
    const runtime = simulatedRuntime({ ...spec, costMs: [5], occupies });
    let ran = false;
    const other = setImmediate(() => {
      ran = true;
    });
    await runtime.run(image(1), 1);
    expect(ran).toBe(otherWorkRan);
    clearImmediate(other);
  });
});
