import { describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from './random.js';

const draw = (seed: number, label: string, count: number) => {
  const random = seededRandom(seed, label);
  return Array.from({ length: count }, random);
};

describe('seededRandom', () => {
  it('repeats for the same seed and label, and differs for another of either', () => {
    expect(draw(1, 'arrivals', 5)).toEqual(draw(1, 'arrivals', 5));
    expect(draw(1, 'arrivals', 5)).not.toEqual(draw(2, 'arrivals', 5));
    expect(draw(1, 'arrivals', 5)).not.toEqual(draw(1, 'order', 5));
  });

  it('is uniform on [0, 1): mean and variance within four standard errors over 100,000 draws', () => {
    const values = draw(42, 'uniform', 100_000);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / values.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / values.length));
  });

  it('shuffles without loss and leaves its argument alone', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const result = shuffled(items, seededRandom(7, 'order'));
    expect(result).not.toEqual(items);
    expect([...result].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
