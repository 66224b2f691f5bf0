import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random/random.js';
import { holmAdjusted } from './holm.js';
import { mean, pairedDifference, statOverRepeats } from './over-repeats.js';
import { censoredPercentile, percentile, sortSamples } from './percentile.js';
import { highestSupportedPercentile, samplesForPercentile } from './sample-size.js';
import { studentCdf, studentQuantile, studentTwoSidedP } from './student-t.js';
import { unpairedDifference } from './unpaired-difference.js';

interface DifferenceReference {
  a: number[];
  b: number[];
  pct: number;
  ci95: [number, number];
  p: number;
}

interface Reference {
  percentiles: { samples: number[]; type7: [number, number][] };
  tQuantiles: [p: number, degrees: number, t: number][];
  tTwoSidedP: [t: number, degrees: number, p: number][];
  repeats: { values: number[]; mean: number; ci95: [number, number] };
  paired: DifferenceReference;
  unpaired: DifferenceReference;
}

// Made by scripts/reference-statistics.py from SciPy and NumPy.
const reference: Reference = JSON.parse(
  readFileSync(new URL('./reference-values.json', import.meta.url), 'utf8'),
);

describe('percentile', () => {
  it('interpolates between order statistics', () => {
    // n = 4, p = 0.5: h = 1.5, halfway between the second and the third.
    expect(percentile(sortSamples([40, 10, 30, 20]), 0.5)).toBe(25);
    // p = 0.9: h = 2.7.
    expect(percentile(sortSamples([40, 10, 30, 20]), 0.9)).toBeCloseTo(37, 12);
  });

  it('is NumPy’s', () => {
    const samples = sortSamples(reference.percentiles.samples);
    for (const [p, value] of reference.percentiles.type7)
      expect(percentile(samples, p)).toBeCloseTo(value, 10);
  });

  it('is null for no samples and refuses a percentage', () => {
    expect(percentile(sortSamples([]), 0.5)).toBeNull();
    expect(() => percentile(sortSamples([1]), 50)).toThrow(RangeError);
  });

  it('is a lower bound only where a censored sample could still move it', () => {
    const samples = sortSamples([1, 2, 3, 4, 8, 8]);
    expect(censoredPercentile(samples, 8, 0.5)).toEqual({ value: 3.5, censored: false });
    expect(censoredPercentile(samples, 8, 0.9)).toEqual({ value: 8, censored: true });
    // h = 3: the fourth sample exactly; the censored fifth has no weight in it.
    expect(censoredPercentile(samples, 8, 0.6)).toEqual({ value: 4, censored: false });
    expect(censoredPercentile(sortSamples([1, 2]), Number.POSITIVE_INFINITY, 1)).toEqual({
      value: 2,
      censored: false,
    });
  });
});

describe('sample size', () => {
  it.each([
    [0.5, 7],
    [0.9, 44],
    [0.95, 90],
    [0.99, 459],
    [0.999, 4603],
  ])('a percentile of %f needs %i samples', (fraction, needed) => {
    expect(samplesForPercentile(fraction)).toBe(needed);
    expect(highestSupportedPercentile(needed)).toBeGreaterThanOrEqual(fraction);
    expect(highestSupportedPercentile(needed - 1)).toBeLessThan(fraction);
  });
});

describe("Student's t", () => {
  it.each(reference.tQuantiles)('the %f quantile with %i degrees is SciPy’s', (p, degrees, t) => {
    expect(studentQuantile(p, degrees) / t).toBeCloseTo(1, 8);
  });

  it.each(reference.tTwoSidedP)('the two-sided p of t = %f with %i degrees is SciPy’s', (t, degrees, p) => {
    expect(studentTwoSidedP(t, degrees) / p).toBeCloseTo(1, 8);
  });

  it('has a quantile that inverts the distribution', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        (p, degrees) => {
          expect(studentCdf(studentQuantile(p, degrees), degrees)).toBeCloseTo(p, 9);
        },
      ),
    );
  });
});

describe('statOverRepeats', () => {
  it('is the mean with a t interval on the log scale', () => {
    const { values, mean: value, ci95 } = reference.repeats;
    const stat = statOverRepeats(values);
    expect(stat).toMatchObject({ n: 5, censored: false });
    expect(stat.value).toBeCloseTo(value, 10);
    expect(stat.ci95?.[0]).toBeCloseTo(ci95[0], 8);
    expect(stat.ci95?.[1]).toBeCloseTo(ci95[1], 8);
  });

  it('has no interval for one repeat or where a value has no logarithm, and no value for none', () => {
    expect(statOverRepeats([5])).toEqual({ value: 5, ci95: null, n: 1, censored: false });
    expect(statOverRepeats([5, 0, 7])).toEqual({ value: 4, ci95: null, n: 3, censored: false });
    expect(statOverRepeats([null], true)).toEqual({ value: null, ci95: null, n: 0, censored: true });
    expect(mean([])).toBeNull();
  });

  it('covers the true value in 93 to 97 per cent of simulated runs', () => {
    const random = seededRandom(7, 'coverage');
    const lognormal = () =>
      100 * Math.exp(0.05 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
    const trials = 2000;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { ci95 } = statOverRepeats(Array.from({ length: 5 }, lognormal));
      if (ci95 !== null && ci95[0] <= 100 && ci95[1] >= 100) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.93);
    expect(covered / trials).toBeLessThan(0.97);
  });
});

describe('pairedDifference', () => {
  it('is the mean log ratio of the blocks in per cent', () => {
    const { a, b, pct, ci95, p } = reference.paired;
    const { differencePct, pValue } = pairedDifference(a.map((x, i) => [x, b[i] ?? null]));
    expect(differencePct.value).toBeCloseTo(pct, 10);
    expect(differencePct.ci95?.[0]).toBeCloseTo(ci95[0], 8);
    expect(differencePct.ci95?.[1]).toBeCloseTo(ci95[1], 8);
    expect(pValue).toBeCloseTo(p, 10);
  });

  it('leaves out blocks with a missing side, and knows no difference of figures that are not positive', () => {
    const { differencePct } = pairedDifference([
      [110, 100],
      [null, 100],
      [110, 100],
    ]);
    expect(differencePct.n).toBe(2);
    expect(differencePct.value).toBeCloseTo(10, 10);
    expect(pairedDifference([[0, 5]]).differencePct.value).toBeNull();
    expect(pairedDifference([]).pValue).toBeNull();
  });

  it('is sure of values that are equal to the last bit', () => {
    expect(
      pairedDifference([
        [3, 3],
        [3, 3],
      ]),
    ).toMatchObject({ differencePct: { value: 0, ci95: [0, 0] }, pValue: 1 });
    expect(
      pairedDifference([
        [6, 3],
        [6, 3],
      ]).pValue,
    ).toBe(0);
  });
});

describe('unpairedDifference', () => {
  it('is Welch’s test on the log scale', () => {
    const { a, b, pct, ci95, p } = reference.unpaired;
    const { differencePct, pValue } = unpairedDifference(a, b);
    expect(differencePct.value).toBeCloseTo(pct, 10);
    expect(differencePct.ci95?.[0]).toBeCloseTo(ci95[0], 8);
    expect(differencePct.ci95?.[1]).toBeCloseTo(ci95[1], 8);
    expect(pValue).toBeCloseTo(p, 10);
  });

  it('has no interval for a single value, and no difference where one has no logarithm', () => {
    expect(unpairedDifference([11], [10, 10])).toMatchObject({
      differencePct: { value: expect.closeTo(10, 10), ci95: null },
      pValue: null,
    });
    expect(unpairedDifference([0, 1], [2, 3]).differencePct.value).toBeNull();
    expect(unpairedDifference([null], [2, 3]).differencePct.value).toBeNull();
  });

  it('is sure of values that are equal to the last bit', () => {
    expect(unpairedDifference([3, 3], [3, 3])).toMatchObject({
      differencePct: { value: 0, ci95: [0, 0] },
      pValue: 1,
    });
    expect(unpairedDifference([6, 6], [3, 3]).pValue).toBe(0);
  });

  it('is mistaken about runs of equals in one of twenty at most', () => {
    const random = seededRandom(11, 'welch');
    const lognormal = () =>
      100 * Math.exp(0.05 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
    const run = () => Array.from({ length: 5 }, lognormal);
    const trials = 2000;
    let mistaken = 0;
    for (let trial = 0; trial < trials; trial++) {
      if ((unpairedDifference(run(), run()).pValue ?? 1) < 0.05) mistaken++;
    }
    expect(mistaken / trials).toBeLessThan(0.06);
    expect(mistaken / trials).toBeGreaterThan(0.03);
  });
});

describe('holmAdjusted', () => {
  it('multiplies by the questions left, in ascending order, and never falls', () => {
    // 0.01 x 4, 0.02 x 3, 0.03 x 2, and 0.04 x 1 lifted to the 0.06 before it.
    const adjusted = holmAdjusted([0.04, 0.01, 0.03, 0.02]);
    expect(adjusted.map((p) => Number(p.toFixed(10)))).toEqual([0.06, 0.04, 0.06, 0.06]);
  });

  it('leaves one question alone and stops at 1', () => {
    expect(holmAdjusted([0.03])).toEqual([0.03]);
    expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1]);
    expect(holmAdjusted([])).toEqual([]);
  });

  it('leaves 1 where nothing was asked, and does not count it', () => {
    expect(holmAdjusted([null, 0.03, null, 0.01])).toEqual([1, 0.03, 1, 0.02]);
  });
});
