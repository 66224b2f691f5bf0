import { seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import choosePlan from './choose-plan.js';

const MS = 1000;
const KERAS_US = [104, 104, 146, 188, 187, 186, 185, 184].map((ms) => ms * MS);
const requestFor = (gapsUs: Float64Array) => ({
  gapsUs,
  meanGapUs: gapsUs.reduce((sum, gapUs) => sum + gapUs, 0) / gapsUs.length,
  costsUs: KERAS_US,
  workers: 1,
  maxWaitUs: 50 * MS,
});

const poissonGaps = (count: number, meanUs: number) => {
  const random = seededRandom(5, 'gaps');
  return Float64Array.from({ length: count }, () => -Math.log(1 - random()) * meanUs);
};

describe('the plan', () => {
  it('is the SMDP’s where little is known', () => {
    expect(choosePlan(requestFor(poissonGaps(20, 40 * MS))).origin).toBe('smdp');
  });

  it('is the SMDP’s for Poisson arrivals and one worker', () => {
    expect(choosePlan(requestFor(poissonGaps(4000, 40 * MS))).origin).toBe('smdp');
  });

  it('waits for the whole group where clients come in groups', () => {
    // Seven within 2 ms, then nothing for 260 ms: what eight clients make of batches of seven and one.
    const gapsUs = Float64Array.from({ length: 2100 }, (_, n) => (n % 7 === 0 ? 260 * MS : 300));
    const plan = choosePlan(requestFor(gapsUs));
    expect(plan.origin).toMatch(/waiting/);
    expect(plan.batchSizes[0]?.[1]).toBe(0);
    expect(plan.batchSizes[0]?.[7]).toBe(7);
  });

  it('is the same for the same request', () => {
    const request = { ...requestFor(poissonGaps(2000, 15 * MS)), workers: 3 };
    expect(choosePlan(request)).toEqual(choosePlan(request));
  });
});
