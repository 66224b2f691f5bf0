import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.js';
import { linearTrend } from './linear-trend.js';

describe('linearTrend', () => {
  it('agrees with a regression worked out by hand', () => {
    // y = 1, 2, 4, 5, 8: slope 17/10, residuals squared 1.1, standard error sqrt(1.1 / 3 / 10), t = 8.878; with 3 degrees
    // p = 1 - (2/pi) (x / (1 + x^2) + atan(x)) for x = t / sqrt(3).
    const trend = linearTrend([1, 2, 4, 5, 8]);
    expect(trend?.change).toBeCloseTo(6.8, 10);
    expect(trend?.pValue).toBeCloseTo(0.0030133, 7);
  });

  it('is sure of a straight line and of a flat one, and says nothing of two values', () => {
    expect(linearTrend([1, 2, 3])).toEqual({ change: 2, pValue: 0 });
    expect(linearTrend([4, 4, 4, 4])).toEqual({ change: 0, pValue: 1 });
    expect(linearTrend([1, 2])).toBeNull();
  });

  it('finds growth in noise alone about as often as its p-value says', () => {
    const random = seededRandom(5, 'noise');
    const found = Array.from(
      { length: 2000 },
      () => linearTrend(Array.from({ length: 10 }, random))?.pValue ?? 1,
    );
    const share = found.filter((p) => p < 0.05).length / found.length;
    expect(share).toBeGreaterThan(0.035);
    expect(share).toBeLessThan(0.065);
  });
});
