import { seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { constantSchedule } from './constant-schedule.js';
import { poissonSchedule } from './poisson-schedule.js';
import { openSchedule } from './schedule.js';

const gapsOf = (moments: Float64Array) => Array.from(moments, (at, i) => at - (moments[i - 1] ?? 0));

describe('poissonSchedule', () => {
  const ratePerS = 200;
  const moments = poissonSchedule(ratePerS, 100e6, seededRandom(11, 'arrivals'));
  const gapsUs = gapsOf(moments);

  it('has a mean gap within 3/sqrt(n) of 1/rate', () => {
    const mean = gapsUs.reduce((sum, gap) => sum + gap, 0) / gapsUs.length;
    expect(gapsUs.length).toBeGreaterThan(19_000);
    expect(Math.abs(mean / (1e6 / ratePerS) - 1)).toBeLessThan(3 / Math.sqrt(gapsUs.length));
  });

  it('has exponential gaps by the Kolmogorov-Smirnov test at the 99 % level', () => {
    const sorted = gapsUs.toSorted((a, b) => a - b);
    const n = sorted.length;
    const distance = sorted.reduce((worst, gap, i) => {
      const expected = 1 - Math.exp((-gap * ratePerS) / 1e6);
      return Math.max(worst, Math.abs(expected - i / n), Math.abs((i + 1) / n - expected));
    }, 0);
    expect(distance).toBeLessThan(1.628 / Math.sqrt(n));
  });

  it('stays finite when the generator draws 0, and inside the duration', () => {
    const draws = [0, 0.5, 0.9999999];
    const moments = poissonSchedule(1, 10e6, () => draws.shift() ?? 0.99);
    expect([...moments].map((at) => at + 0)).toEqual([0, Math.LN2 * 1e6]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s as a rate', (rate) => {
    expect(() => poissonSchedule(rate, 1e6, Math.random)).toThrow(RangeError);
  });
});

describe('constantSchedule', () => {
  it('is exact: the last of an hour at 3 per second is where it belongs', () => {
    const moments = constantSchedule(3, 3600e6);
    expect(moments.length).toBe(10_800);
    expect(moments[0]).toBe(0);
    expect(moments[10_799]).toBe((10_799 * 1e6) / 3);
  });

  it.each([
    [1000, 3000, [0, 1000, 2000]],
    [1000, 2001, [0, 1000, 2000]],
    [1, 10, [0]],
  ])('at %s per second for %s us sends at %j', (rate, durationUs, expected) => {
    expect([...constantSchedule(rate, durationUs)]).toEqual(expected);
  });
});

describe('openSchedule', () => {
  it('repeats for one seed and differs for another', () => {
    const draw = (seed: number) => [...openSchedule('poisson', 50, 1e6, seed)];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
