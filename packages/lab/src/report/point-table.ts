import type { Point, Stat } from '@servelab/core';
import { withoutRightAnswer } from '../analyse/outcome-counts.js';
import { digits } from '../text/figure-words.js';

/** One figure of the main table, the same in the page, in Markdown and on the terminal. */
export interface Column {
  readonly title: string;
  readonly unit: string;
  /** Entry of the glossary that defines it. */
  readonly definition: string;
  stat(point: Point): Stat;
}

export const COLUMNS: readonly Column[] = [
  { title: 'Goodput', unit: 'req/s', definition: 'goodput', stat: (point) => point.goodput_rps },
  { title: 'Throughput', unit: 'req/s', definition: 'throughput', stat: (point) => point.throughput_rps },
  { title: 'p50', unit: 'ms', definition: 'latency', stat: (point) => point.latency_ms.p50 },
  { title: 'p95', unit: 'ms', definition: 'latency', stat: (point) => point.latency_ms.p95 },
  { title: 'p99', unit: 'ms', definition: 'latency', stat: (point) => point.latency_ms.p99 },
  { title: 'CPU per 1,000', unit: 's', definition: 'cpu', stat: (point) => point.cpu_s_per_1000 },
];

/** `112`, `>= 8000`, or a dash where the samples do not support a value. */
export function valueWords({ value, censored }: Stat): string {
  return value === null ? '–' : `${censored ? '≥ ' : ''}${digits(value)}`;
}

/** `110–114`; empty without an interval. */
export function intervalWords({ ci95 }: Stat): string {
  return ci95 === null ? '' : `${digits(ci95[0])}–${digits(ci95[1])}`;
}

export function errorWords({ counts }: Point): string {
  const missing = withoutRightAnswer(counts);
  if (missing === null) return 'unknown';
  return missing === 0 ? '0' : `${missing} (${digits((100 * missing) / counts.scheduled)} %)`;
}
