import { expect, it } from 'vitest';
import { pointDurationUs } from './point-duration.js';

const S = 1_000_000;
const plan = { durationUs: 2 * S, repeats: 5, extendSlowPoints: true };
const open = (rate_rps: number) => ({ mode: 'open', rate_rps, arrivals: 'poisson' }) as const;

it('a fast rate and a closed loop are measured as long as was planned', () => {
  expect(pointDurationUs(open(100), plan)).toBe(2 * S);
  expect(pointDurationUs({ mode: 'closed', concurrency: 1 }, plan)).toBe(2 * S);
});

it('a slow rate is measured until p95 has its 90 requests, and a third more', () => {
  // 90 * 1.35 / 5 repeats = 24.3 requests each, at 8 a second.
  expect(pointDurationUs(open(8), plan)).toBeCloseTo(3_037_500, -1);
});

it('a duration that was asked for is kept', () => {
  expect(pointDurationUs(open(8), { ...plan, extendSlowPoints: false })).toBe(2 * S);
});
