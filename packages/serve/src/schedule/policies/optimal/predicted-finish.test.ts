import { describe, expect, it } from 'vitest';
import { predictedFinishUs, sizeOnTime, wouldBeLate } from './predicted-finish.js';

const costUs = (size: number) => 1000 + 500 * size;

describe('when an image will be answered', () => {
  it.each([
    // One worker, free: a batch of its own takes 1.5 ms.
    [0, 1, [], 10_000 + 1500],
    // The worker is busy until 12 ms.
    [0, 1, [12_000], 12_000 + 3000],
    // Nine before it are two batches.
    [9, 1, [12_000], 12_000 + 3 * 3000],
    // Two workers share those, and one of them is free.
    [9, 2, [12_000], 10_000 + 2 * 3000],
    // Work that should have ended already may end any moment.
    [0, 1, [5000], 10_000 + 3000],
  ])('place %i, %i workers, running until %j', (place, workers, runningEndsUs, expected) => {
    expect(predictedFinishUs(place, { nowUs: 10_000, costUs, workers, runningEndsUs, batchSize: 4 })).toBe(
      expected,
    );
  });
});

it('an image is late where its result would miss the deadline, or nearly', () => {
  const forecast = { nowUs: 0, costUs, workers: 1, runningEndsUs: [0], batchSize: 4 };
  expect(wouldBeLate(2900, 0, forecast)).toBe(true);
  expect(wouldBeLate(3200, 0, forecast)).toBe(true);
  expect(wouldBeLate(3400, 0, forecast)).toBe(false);
});

it.each([
  [4, 3000, 4],
  [4, 2999, 3],
  [4, 1500, 1],
  [4, 1499, 0],
])('a batch of %i whose first deadline is %i us away: %i', (size, deadlineUs, expected) => {
  expect(sizeOnTime(size, deadlineUs, 0, costUs)).toBe(expected);
});
