import type { Load, LoadProfile } from '@servelab/core';

/** A load in words: `8 at a time`, `84.2 req/s`, `20 to 80 req/s in 4 steps`. */
export function loadLabel({ mode, concurrency, rate_rps = 0, arrivals, profile }: Load): string {
  if (mode === 'closed') return `${concurrency ?? '?'} at a time`;
  const rate = profile === undefined ? `${short(rate_rps)} req/s` : profileLabel(rate_rps, profile);
  return arrivals === 'constant' && profile?.shape !== 'replay' ? `${rate}, evenly spaced` : rate;
}

function profileLabel(rateRps: number, profile: LoadProfile): string {
  const rate = short(rateRps);
  switch (profile.shape) {
    case 'step':
      return `${rate} to ${short(profile.to_rps)} req/s in ${profile.steps} steps`;
    case 'ramp':
      return `${rate} to ${short(profile.to_rps)} req/s in a ramp`;
    case 'spike':
      return `${rate} req/s with a spike of ${short(profile.to_rps)} for ${profile.spike_s} s`;
    case 'soak':
      return `${rate} req/s, soak`;
    case 'replay':
      return `replay of ${profile.trace}, ${rate} req/s on average`;
  }
}

const short = (rateRps: number): number => Number(rateRps.toPrecision(3));

/** Equal for equal loads. */
export const loadKey = ({ mode, concurrency, rate_rps, arrivals, profile }: Load): string =>
  [mode, concurrency, rate_rps, arrivals, profile && JSON.stringify(profile)].join('|');
