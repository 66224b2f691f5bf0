import type { Stat } from '@servelab/core';

/** A time-out makes a figure a lower bound. */
export function statWords({ value, censored }: Stat): string {
  if (value === null) return '-';
  return `${censored ? '>=' : ''}${value < 100 ? value.toFixed(2) : value.toFixed(1)}`;
}
