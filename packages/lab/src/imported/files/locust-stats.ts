import { NO_TIMES, type Times } from '../imported-load.js';
import { parseCsv } from './parse-csv.js';

/** The last line of `PREFIX_stats.csv`: everything together. */
export interface LocustStats {
  readonly kind: 'locust-stats';
  readonly requests: number;
  readonly failures: number;
  /** Requests a second, failed ones included, from the first to the last. */
  readonly requestsPerS: number;
  readonly times: Times;
}

export const LOCUST_STATS_HEAD = 'Type,Name,Request Count,Failure Count,';

export function parseLocustStats(text: string): LocustStats | null {
  const total = parseCsv(text).find(({ Name }) => Name === 'Aggregated');
  if (total === undefined) return null;
  const number = (column: string): number | null => {
    const value = Number(total[column] || Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  const requests = number('Request Count') ?? 0;
  const times: Times = {
    mean: number('Average Response Time'),
    p50: number('50%'),
    p90: number('90%'),
    p95: number('95%'),
    p99: number('99%'),
    p99_9: number('99.9%'),
    max: number('Max Response Time'),
  };
  return {
    kind: 'locust-stats',
    requests,
    failures: number('Failure Count') ?? 0,
    requestsPerS: number('Requests/s') ?? 0,
    // It prints zeros where nothing was answered.
    times: requests === 0 ? NO_TIMES : times,
  };
}
