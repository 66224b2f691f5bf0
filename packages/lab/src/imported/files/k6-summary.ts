import type { Times } from '../imported-load.js';
import { type K6Metric, readMetrics } from './k6-metrics.js';

/**
 * The summary of k6; of its measured part where the script tells it apart, otherwise of everything. Older versions do
 * not count failed requests: then these, and what is known only with them, are null.
 */
export interface K6Summary {
  readonly kind: 'k6-summary';
  readonly requests: number;
  readonly failures: number | null;
  /** 2xx answers that failed a check of the script. */
  readonly wrong: number | null;
  readonly checks: number;
  readonly measuredS: number | null;
  readonly times: Times;
  /** Waiting for a connection and opening it: not part of k6's durations. */
  readonly connectMs: { readonly mean: number | null; readonly max: number | null };
  readonly dropped: number;
  readonly warmupLeftOut: boolean;
  /** What our script says of the load; null in the files of others. */
  readonly users: number | null;
  readonly rateRps: number | null;
  readonly thinkS: number | null;
  /** Users that k6 had at most: those of a closed loop, unless it was an open one. */
  readonly mostUsers: number | null;
}

const MEASURED = '{phase:measured}';

export function parseK6Summary(document: unknown): K6Summary | null {
  const read = readMetrics(document);
  if (read?.metrics.http_reqs === undefined) return null;
  const { metrics, checks } = read;
  const apart = metrics[`http_reqs${MEASURED}`] !== undefined;
  const metric = (name: string): K6Metric | undefined =>
    metrics[apart ? `${name}${MEASURED}` : name] ?? metrics[name];
  const value = (of: K6Metric | undefined, key: string): number | null => {
    const found = of?.[key];
    return typeof found === 'number' ? found : null;
  };
  const gauge = (name: string) => value(metrics[name], 'value');
  const duration = metric('http_req_duration');
  const requests = value(metric('http_reqs'), 'count') ?? 0;
  // Of a rate, k6 calls those that are so "passes": here the failed ones.
  const failures = value(metric('http_req_failed'), 'passes');
  const failedChecks = value(metric('checks'), 'fails') ?? 0;
  return {
    kind: 'k6-summary',
    requests,
    failures: requests === 0 ? 0 : failures,
    wrong: failures === null ? null : wrongAnswers({ requests, failures, checks, failedChecks }),
    checks,
    measuredS: gauge('load_measured_s') ?? read.durationS ?? lengthS(metrics.http_reqs, value),
    times: {
      mean: value(duration, 'avg'),
      p50: value(duration, 'med') ?? value(duration, 'p(50)'),
      p90: value(duration, 'p(90)'),
      p95: value(duration, 'p(95)'),
      p99: value(duration, 'p(99)'),
      p99_9: value(duration, 'p(99.9)'),
      max: value(duration, 'max'),
    },
    connectMs: {
      mean: value(metric('http_req_blocked'), 'avg'),
      max: value(metric('http_req_blocked'), 'max'),
    },
    dropped: value(metrics.dropped_iterations, 'count') ?? 0,
    warmupLeftOut: apart && (gauge('load_warmup_s') ?? 0) > 0,
    users: gauge('load_users'),
    rateRps: gauge('load_rate'),
    thinkS: gauge('load_think_s'),
    mostUsers: value(metrics.vus_max, 'max') ?? gauge('vus_max'),
  };
}

/** A request that failed fails each of its checks; what fails besides is an answer that was wrong. */
function wrongAnswers(of: { requests: number; failures: number; checks: number; failedChecks: number }) {
  if (of.checks === 0) return 0;
  return Math.max(0, Math.min(of.requests - of.failures, of.failedChecks - of.checks * of.failures));
}

/** k6 divides by the length of the whole run. */
function lengthS(
  requests: K6Metric | undefined,
  value: (of: K6Metric | undefined, key: string) => number | null,
): number | null {
  const [count, rate] = [value(requests, 'count'), value(requests, 'rate')];
  return count === null || rate === null || rate === 0 ? null : count / rate;
}
