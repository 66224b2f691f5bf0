import { describe, expect, it } from 'vitest';
import { BatchCost } from './batch-cost.js';

describe('BatchCost', () => {
  it('starts from the measured inference', () => {
    const cost = new BatchCost([6000, 10_000]);
    expect([1, 2].map((size) => cost.batchUs(size))).toEqual([6000, 10_000]);
  });

  it('adds the overhead of an image, a fifth of the difference at a time', () => {
    const cost = new BatchCost([6000, 10_000]);
    // Two images took 14 ms, 10 of them in the model: 2 ms of overhead each; a fifth of that is 0.4 ms.
    cost.observe(2, 10_000, 14_000);
    expect(cost.batchUs(1)).toBeCloseTo(6400);
    expect(cost.batchUs(2)).toBeCloseTo(10_800);
  });

  it('gives the time in which the queue drains, in whole seconds from 1', () => {
    const cost = new BatchCost([10_000]);
    expect([0, 100, 101, 256].map((queued) => cost.drainS(queued, 1))).toEqual([1, 1, 2, 3]);
    expect(cost.drainS(256, 2)).toBe(2);
    expect(cost.drainS(256, 0)).toBe(3);
  });
});
