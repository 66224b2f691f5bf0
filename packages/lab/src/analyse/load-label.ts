import type { Load } from '@servelab/core';

/** A load in words: `8 at a time`, `84.2 req/s`. */
export function loadLabel({ mode, concurrency, rate_rps, arrivals }: Load): string {
  if (mode === 'closed') return `${concurrency ?? '?'} at a time`;
  const rate = `${Number((rate_rps ?? 0).toPrecision(3))} req/s`;
  return arrivals === 'constant' ? `${rate}, evenly spaced` : rate;
}

/** Equal for equal loads. */
export const loadKey = ({ mode, concurrency, rate_rps, arrivals }: Load): string =>
  [mode, concurrency ?? '', rate_rps ?? '', arrivals ?? ''].join('|');
