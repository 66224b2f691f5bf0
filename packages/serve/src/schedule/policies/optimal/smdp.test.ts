import { describe, expect, it } from 'vitest';
import { solveSmdp } from './smdp.js';

const MS = 1000;

describe('the solution for one server', () => {
  it.each([0.3, 0.5, 0.8, 0.95])('with batches of one only it is the M/D/1 queue: load %f', (load) => {
    const { batch, meanInSystem } = solveSmdp({
      costsUs: [10 * MS],
      ratePerUs: load / (10 * MS),
      settledRounds: Number.POSITIVE_INFINITY,
    });
    expect(batch.slice(0, 4)).toEqual([0, 1, 1, 1]);
    // Pollaczek-Khinchine with constant service: L = rho + rho^2 / (2 (1 - rho)); the table ends at 96 images.
    const expected = load + load ** 2 / (2 * (1 - load));
    expect(meanInSystem[0] / expected).toBeGreaterThan(load < 0.9 ? 0.999 : 0.99);
    expect(meanInSystem[1] / expected).toBeLessThan(1.001);
    expect(meanInSystem[1] / meanInSystem[0]).toBeLessThan(1.001);
  });

  it('takes one at a time where a batch costs more than its images', () => {
    const costsUs = [1, 2.1, 3.3, 4.6].map((ms) => ms * MS);
    const { batch } = solveSmdp({ costsUs, ratePerUs: 0.9 / MS });
    expect(batch.slice(0, 6)).toEqual([0, 1, 1, 1, 1, 1]);
  });

  it('takes all that waits where a batch costs as much as one image', () => {
    const { batch } = solveSmdp({ costsUs: Array(8).fill(10 * MS), ratePerUs: 0.2 / MS });
    expect(batch.slice(3, 10)).toEqual([3, 4, 5, 6, 7, 8, 8]);
  });

  it('waits where a second image costs nothing and comes at once', () => {
    // A batch of one takes as long as one of two; the next image is expected after a fiftieth of that.
    const { batch } = solveSmdp({ costsUs: [100 * MS, 100 * MS], ratePerUs: 1 / (55 * MS) });
    expect(batch[2]).toBe(2);
    expect(solveSmdp({ costsUs: [100 * MS, 100 * MS], ratePerUs: 1 / (2000 * MS) }).batch[1]).toBe(1);
    expect(batch[1]).toBe(0);
  });

  it.each([0.8, 0.95])('is found before its cost is known: load %f', (load) => {
    const costsUs = [15.8, 28.8, 41.8, 54.7, 69.5, 84.4, 99.2, 114].map((ms) => ms * MS);
    const problem = { costsUs, ratePerUs: (load * 4) / (54.7 * MS) };
    const settled = solveSmdp(problem);
    const exact = solveSmdp({ ...problem, settledRounds: Number.POSITIVE_INFINITY });
    expect(settled.batch.slice(0, 40)).toEqual(exact.batch.slice(0, 40));
    expect(settled.sweeps).toBeLessThan(exact.sweeps);
  });

  it('rejects a rate or a cost that is not a positive number', () => {
    expect(() => solveSmdp({ costsUs: [1000], ratePerUs: 0 })).toThrow(RangeError);
    expect(() => solveSmdp({ costsUs: [Number.NaN], ratePerUs: 1 })).toThrow(RangeError);
  });
});
