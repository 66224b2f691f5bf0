import type { Check } from '@servelab/core';
import { expect, it } from 'vitest';
import { groupById, judge, marginOf } from './check.js';

const where = { scope: 'run' } as const;
const placed = (...args: Parameters<typeof judge>): Check => ({ ...judge(...args), where });

it.each<[comparator: string, id: Check['id'], value: number, limit: number, ok: boolean]>([
  ['max', 'client-on-time', 3, 3, true],
  ['max', 'client-on-time', 3.1, 3, false],
  ['below', 'client-utilization', 0.79, 0.8, true],
  ['below', 'client-utilization', 0.8, 0.8, false],
  ['min', 'client-rate', 0.98, 0.98, true],
  ['min', 'client-rate', 0.97, 0.98, false],
  ['within', 'littles-law', 0.96, 0.05, true],
  ['within', 'littles-law', 1.06, 0.05, false],
  ['equal', 'stack-running', 1, 1, true],
  ['equal', 'stack-running', 0, 1, false],
])('%s: %s with %d against %d', (comparator, id, value, limit, ok) => {
  expect(judge(id, value, limit)).toMatchObject({ comparator, value, limit, ok });
});

it('fails a check without a value, unless the absence of one is harmless', () => {
  expect(judge('client-on-time', null, 3).ok).toBe(false);
  expect(judge('client-floor', null, 0.2, { passUnmeasured: true }).ok).toBe(true);
});

it('takes the side of the limit that the comparator names', () => {
  // 5 % below the limit is 5 % on the good side of a maximum, and 5 % beyond a minimum.
  expect(marginOf(placed('client-on-time', 2.85, 3))).toBeCloseTo(0.05);
  expect(marginOf(placed('client-floor', 2.85, 3))).toBeCloseTo(-0.05);
  // Half of the tolerance is left on either side of the target.
  expect(marginOf(placed('littles-law', 1.025, 0.05))).toBeCloseTo(0.5);
  expect(marginOf(placed('littles-law', 0.975, 0.05))).toBeCloseTo(0.5);
  expect(marginOf(placed('cache-probe', -9, -10))).toBeCloseTo(0.1);
  expect(marginOf(placed('requests-accounted-for', 2, 0))).toBe(-2);
  expect(marginOf(placed('client-on-time', null, 3))).toBe(Number.POSITIVE_INFINITY);
});

it('groups by id in the order of the first of each', () => {
  const checks = [placed('warm-up', 0, 1), placed('client-rate', 1, 0.98), placed('warm-up', 1, 1)];
  expect(groupById(checks).map((group) => group.map(({ id, value }) => [id, value]))).toEqual([
    [
      ['warm-up', 0],
      ['warm-up', 1],
    ],
    [['client-rate', 1]],
  ]);
});
