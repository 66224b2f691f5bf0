import type { Stat } from '@servelab/core';

/** Three significant digits, without an exponent: 0.00123, 14.2, 1234. */
export function digits(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1e6 || (rounded !== 0 && Math.abs(rounded) < 1e-6)
    ? value.toExponential(2)
    : rounded.toLocaleString('en-US', { maximumFractionDigits: 8, useGrouping: Math.abs(rounded) >= 10_000 });
}

/** `14.2 ms [13.9, 14.6]`; `>= 8000 ms` where time-outs make it a lower bound; `not supported` where there is none. */
export function figure({ value, ci95, censored }: Stat, unit: string): string {
  if (value === null) return 'not supported by the samples';
  const interval = ci95 === null ? '' : ` [${digits(ci95[0])}, ${digits(ci95[1])}]`;
  return `${censored ? '>= ' : ''}${digits(value)}${unit === '' ? '' : ` ${unit}`}${interval}`;
}

/** A share as per cent, one decimal at most: 62 %, 0.4 %, below 0.1 %. */
export function shareWords(share: number): string {
  const pct = 100 * share;
  return pct > 0 && pct < 0.1 ? 'below 0.1 %' : `${Number(pct.toFixed(1))} %`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
