import { csvNumber, parseCsv } from '../../csv/parse-csv.js';
import { NO_TIMES, type Times } from '../imported-load.js';

/** The last line of `PREFIX_stats.csv`, of Locust before 0.13 `PREFIX_requests.csv`: everything together. */
export interface LocustStats {
  readonly kind: 'locust-stats';
  readonly requests: number;
  readonly failures: number;
  /** Requests a second, failed ones included, from the first to the last. */
  readonly requestsPerS: number;
  readonly times: Times;
}

/** `PREFIX_distribution.csv` of Locust before 0.13, which has the percentiles that its table of requests lacks. */
export interface LocustDistribution {
  readonly kind: 'locust-distribution';
  readonly times: Times;
}

type Row = Readonly<Record<string, string>>;

/** Locust 1.0 renamed its columns; before 0.13 they were fewer, and the last line was called "Total". */
const REQUESTS = ['Request Count', '# requests'];
const FAILURES = ['Failure Count', '# failures'];
const MEDIAN = ['Median Response Time', 'Median response time'];
const MEAN = ['Average Response Time', 'Average response time'];
const LONGEST = ['Max Response Time', 'Max response time'];

export const isLocustStats = (header: readonly string[]): boolean =>
  [REQUESTS, FAILURES, MEAN].every((names) => names.some((name) => header.includes(name))) &&
  !header.includes('Timestamp');

export const isLocustDistribution = (header: readonly string[]): boolean =>
  header[0] === 'Name' && header[1] === '# requests' && header.includes('50%');

export function parseLocustStats(text: string): LocustStats | null {
  const total = totalOf(parseCsv(text));
  if (total === undefined) return null;
  const failures = first(total, FAILURES) ?? 0;
  const counted = first(total, REQUESTS) ?? 0;
  // Locust 0.8 counted failed requests beside the others; only where there are more of them can that be told.
  const requests = failures > counted ? counted + failures : counted;
  const times: Times = {
    ...percentiles(total),
    mean: first(total, MEAN),
    p50: csvNumber(total['50%']) ?? first(total, MEDIAN),
    max: first(total, LONGEST),
  };
  return {
    kind: 'locust-stats',
    requests,
    failures,
    requestsPerS: csvNumber(total['Requests/s']) ?? 0,
    // It prints zeros where nothing was answered.
    times: requests === 0 ? NO_TIMES : times,
  };
}

export function parseLocustDistribution(text: string): LocustDistribution | null {
  const total = totalOf(parseCsv(text));
  return total === undefined ? null : { kind: 'locust-distribution', times: percentiles(total) };
}

/** A request may be named so, too: the line of everything together is the last one. */
const totalOf = (rows: readonly Row[]): Row | undefined =>
  rows.findLast(({ Name }) => Name === 'Aggregated' || Name === 'Total');

const percentiles = (row: Row): Times => ({
  mean: null,
  p50: csvNumber(row['50%']),
  p90: csvNumber(row['90%']),
  p95: csvNumber(row['95%']),
  p99: csvNumber(row['99%']),
  p99_9: csvNumber(row['99.9%']),
  max: csvNumber(row['100%']),
});

function first(row: Row, names: readonly string[]): number | null {
  const name = names.find((one) => row[one] !== undefined);
  return name === undefined ? null : csvNumber(row[name]);
}
