import { expect, it } from 'vitest';
import { MovingMean } from './moving-mean.js';

it.each([
  // The means of 8, of 8 and 4, of these and 2; the fourth value has the share of a quarter.
  ['begins as a plain mean', 0, [8, 4, 2, 10], [8, 6, 14 / 3, 6]],
  ['counts its first value as one', 1, [8], [4]],
  ['moves by its share at once', Number.POSITIVE_INFINITY, [8, 8], [2, 3.5]],
])('%s', (_name, initialWeight, values, expected) => {
  const mean = new MovingMean(0, 0.25, initialWeight);
  const means = values.map((value) => {
    mean.add(value);
    return mean.value;
  });
  for (const [n, value] of expected.entries()) expect(means[n]).toBeCloseTo(value, 10);
});
