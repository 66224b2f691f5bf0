import { z } from 'zod';
import type { Times } from '../imported-load.js';

/** What `--summary-export` writes; of its measured part where the script tells it apart, otherwise of everything. */
export interface K6Summary {
  readonly kind: 'k6-summary';
  readonly requests: number;
  readonly failures: number;
  /** 2xx answers that failed a check of the script. */
  readonly wrong: number;
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

const metricSchema = z.record(z.string(), z.unknown());
const groupSchema: z.ZodType<Group> = z.lazy(() =>
  z.object({ checks: metricSchema.optional(), groups: z.record(z.string(), groupSchema).optional() }),
);
interface Group {
  checks?: Record<string, unknown> | undefined;
  groups?: Record<string, Group> | undefined;
}
const summarySchema = z.object({
  metrics: z.record(z.string(), metricSchema),
  root_group: groupSchema.optional(),
});

const MEASURED = '{phase:measured}';

export function parseK6Summary(document: unknown): K6Summary | null {
  const parsed = summarySchema.safeParse(document).data;
  if (parsed?.metrics.http_reqs === undefined) return null;
  const { metrics } = parsed;
  const apart = metrics[`http_reqs${MEASURED}`] !== undefined;
  const metric = (name: string) => metrics[apart ? `${name}${MEASURED}` : name] ?? metrics[name] ?? {};
  const value = (of: Record<string, unknown>, key: string) => (typeof of[key] === 'number' ? of[key] : null);
  const count = (name: string, key: string) => value(metric(name), key) ?? 0;
  const gauge = (name: string) => value(metrics[name] ?? {}, 'value');
  const duration = metric('http_req_duration');
  const requests = count('http_reqs', 'count');
  // Of a rate, k6 calls those that are so "passes": here the failed ones.
  const failures = count('http_req_failed', 'passes');
  const checks = checkCount(parsed.root_group);
  // A request that failed fails each of its checks; what fails besides is an answer that was wrong.
  const wrong = Math.max(0, Math.min(requests - failures, count('checks', 'fails') - checks * failures));
  const rate = value(metrics.http_reqs ?? {}, 'rate');
  const all = value(metrics.http_reqs ?? {}, 'count');
  return {
    kind: 'k6-summary',
    requests,
    failures,
    wrong: checks === 0 ? 0 : wrong,
    checks,
    measuredS: gauge('load_measured_s') ?? (rate === null || rate === 0 || all === null ? null : all / rate),
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
    dropped: value(metrics.dropped_iterations ?? {}, 'count') ?? 0,
    warmupLeftOut: apart && (gauge('load_warmup_s') ?? 0) > 0,
    users: gauge('load_users'),
    rateRps: gauge('load_rate'),
    thinkS: gauge('load_think_s'),
    mostUsers: value(metrics.vus_max ?? {}, 'max') ?? gauge('vus_max'),
  };
}

/** How many checks the script has. */
function checkCount(group: Group | undefined): number {
  if (group === undefined) return 0;
  const below = Object.values(group.groups ?? {}).map(checkCount);
  return below.reduce((total, count) => total + count, Object.keys(group.checks ?? {}).length);
}
