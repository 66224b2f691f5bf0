import { seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { ARRIVAL_PROCESSES, arrivalMoments } from './arrivals.js';

const COUNT = 100_000;
const GAP_US = 1000;

describe.each(ARRIVAL_PROCESSES)('%s arrivals', (process) => {
  const moments = arrivalMoments(process, COUNT, GAP_US, seededRandom(11, 'arrivals'));
  const gaps = Array.from(moments, (atUs, n) => (n === 0 ? atUs : atUs - (moments[n - 1] as number)));

  it('ascend, with the given mean', () => {
    expect(gaps.every((gapUs) => gapUs > 0)).toBe(true);
    // Three standard errors: 1 / sqrt(n) for Poisson, several times that with bursts.
    const tolerance = (process === 'poisson' ? 3 : 15) / Math.sqrt(COUNT);
    expect(Math.abs((moments.at(-1) ?? 0) / COUNT / GAP_US - 1)).toBeLessThan(tolerance);
  });

  it('are scattered as they should be', () => {
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / COUNT;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / COUNT;
    const scatter = variance / mean ** 2;
    // 1 for Poisson. Of the bursty ones, 60 % come at 3 and 40 % at half of the rate: 2 (0.6/9 + 0.4/0.25) - 1.
    if (process === 'poisson') expect(scatter).toBeCloseTo(1, 1);
    else expect(scatter).toBeGreaterThan(1.8);
  });
});
