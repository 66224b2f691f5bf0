import { describe, expect, it } from 'vitest';
import { pointDurationUs, pointWarmup } from './point-duration.js';

const S = 1_000_000;
const open = (rate_rps: number) => ({ mode: 'open', rate_rps, arrivals: 'poisson' }) as const;
const closed = { mode: 'closed', concurrency: 1 } as const;

describe('the measured part', () => {
  const p95 = { durationUs: 2 * S, repeats: 5, extension: { fraction: 0.95, maxDurationUs: 60 * S } };

  it('is as long as was planned at a fast rate and in a closed loop', () => {
    expect(pointDurationUs(open(100), p95)).toBe(2 * S);
    expect(pointDurationUs(closed, p95)).toBe(2 * S);
  });

  it.each([
    // 90 * 1.35 / 5 repeats = 24.3 requests each, at 8 a second.
    [0.95, 3_037_500],
    // 459 * 1.35 / 5 = 123.93.
    [0.99, 15_491_250],
  ])('is long enough at a slow rate for the quantile %f', (fraction, expectedUs) => {
    const plan = { ...p95, extension: { fraction, maxDurationUs: 60 * S } };
    expect(pointDurationUs(open(8), plan)).toBeCloseTo(expectedUs, -1);
  });

  it('is no longer than the longest that was asked for, and no shorter than was planned', () => {
    const within = (maxDurationUs: number) => ({ ...p95, extension: { fraction: 0.99, maxDurationUs } });
    expect(pointDurationUs(open(8), within(5 * S))).toBe(5 * S);
    expect(pointDurationUs(open(8), within(1 * S))).toBe(2 * S);
  });
});

describe('the warm-up', () => {
  const plan = { warmupUs: 1 * S, extendWarmup: true };

  it('is what was planned, and may go on to three times that', () => {
    expect(pointWarmup(closed, plan)).toEqual({ warmupUs: 1 * S, warmupMaxUs: 3 * S });
  });

  it('brings a dozen requests at a slow rate', () => {
    // 12 * 1.35 at 4 a second.
    const { warmupUs, warmupMaxUs = 0 } = pointWarmup(open(4), plan);
    expect(warmupUs).toBeCloseTo(4.05 * S, -1);
    expect(warmupMaxUs).toBe(3 * warmupUs);
  });

  it('is fixed where its length was asked for', () => {
    expect(pointWarmup(open(4), { ...plan, extendWarmup: false })).toEqual({ warmupUs: 1 * S });
  });
});
