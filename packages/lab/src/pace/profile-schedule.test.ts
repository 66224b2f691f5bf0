import { seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { profileSchedule } from './profile-schedule.js';
import { profileWindows } from './profile-windows.js';
import { expectedBetween, profilePieces, type RateProfile } from './rate-profile.js';

const DURATION_S = 100;
const PROFILES: readonly (readonly [fromRps: number, profile: RateProfile])[] = [
  [20, { shape: 'step', to_rps: 80, steps: 4 }],
  [150, { shape: 'step', to_rps: 30, steps: 3 }],
  [10, { shape: 'ramp', to_rps: 190 }],
  [190, { shape: 'ramp', to_rps: 10 }],
  [30, { shape: 'spike', to_rps: 300, spike_s: 8 }],
];
const planned = (rps: number, profile: RateProfile) => profilePieces(rps, profile, DURATION_S);
const drawn = (rps: number, profile: RateProfile, seed = 7) =>
  [...profileSchedule(planned(rps, profile), 'poisson', seededRandom(seed, 'arrivals'))].map(
    (us) => us / 1e6,
  );

describe.each(PROFILES)('from %s/s by %j', (rps, profile) => {
  const moments = drawn(rps, profile);

  it('sends in every window what was planned, within 3/sqrt(n)', () => {
    for (const { fromS, toS, plannedRps } of profileWindows(rps, profile, DURATION_S)) {
      const inside = moments.filter((at) => at >= fromS && at < toS).length;
      const expected = (plannedRps ?? 0) * (toS - fromS);
      expect(Math.abs(inside / expected - 1)).toBeLessThan(3 / Math.sqrt(expected));
    }
  });

  it('is a Poisson process of rate 1 after the change of time, by Kolmogorov and Smirnov at the 99 % level', () => {
    const pieces = planned(rps, profile);
    const changed = moments.map((at) => expectedBetween(pieces, 0, at));
    const gaps = changed.map((at, i) => at - (changed[i - 1] ?? 0)).sort((a, b) => a - b);
    const distance = gaps.reduce((worst, gap, i) => {
      const expected = 1 - Math.exp(-gap);
      return Math.max(worst, expected - i / gaps.length, (i + 1) / gaps.length - expected);
    }, 0);
    expect(distance).toBeLessThan(1.628 / Math.sqrt(gaps.length));
  });

  it('spaces constant arrivals so that exactly one is expected between two of them', () => {
    const pieces = planned(rps, profile);
    const even = profileSchedule(pieces, 'constant', Math.random);
    expect(even.length).toBe(Math.ceil(expectedBetween(pieces, 0, Infinity) - 1e-9));
    for (const [i, us] of even.entries()) {
      expect(Math.abs(expectedBetween(pieces, 0, us / 1e6) - i)).toBeLessThan(1e-6);
    }
  });
});

describe('profileSchedule', () => {
  it('repeats for one seed and differs for another, ascending and inside the duration', () => {
    const [rps, profile] = [10, { shape: 'ramp', to_rps: 100 }] as const;
    const moments = drawn(rps, profile, 1);
    expect(drawn(rps, profile, 1)).toEqual(moments);
    expect(drawn(rps, profile, 2)).not.toEqual(moments);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments.at(-1)).toBeLessThan(DURATION_S);
  });
});
