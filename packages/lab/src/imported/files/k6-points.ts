import { type K6Sample, k6Samples } from './k6-samples.js';

/** One request by its samples; moments in ms. */
export interface K6Request {
  readonly endMs: number;
  /** Sending, waiting and receiving. */
  durationMs: number;
  /** Waiting for a connection and opening it, before that. */
  blockedMs: number;
  /** Null where neither k6 nor the status says it. */
  failed: boolean | null;
  readonly status: number;
  readonly timedOut: boolean;
  /** False for those that the script tells apart: its warm-up, and what begins after the end. */
  readonly measured: boolean;
}

/** What `--out json=FILE` or `--out csv=FILE` writes: a line a sample. */
export interface K6Points {
  readonly kind: 'k6-points';
  readonly requests: readonly K6Request[];
  /** Moments at which a request was due and no user was free to send it, ms. */
  readonly droppedMs: readonly number[];
  /** How often each check of the script failed in the measured part. */
  readonly failedChecks: ReadonlyMap<string, number>;
  readonly warmupLeftOut: boolean;
  readonly users: number | null;
  readonly rateRps: number | null;
  readonly thinkS: number | null;
  readonly measuredS: number | null;
  readonly mostUsers: number | null;
  /** False where moments are whole seconds, which is how k6 writes CSV unless it is told otherwise. */
  readonly preciseMoments: boolean;
}

const TIMED_OUT = '1050';

/** @throws as `k6Samples` */
export async function readK6Points(
  lines: AsyncIterable<string> | Iterable<string>,
  path: string,
): Promise<K6Points> {
  const requests: K6Request[] = [];
  const droppedMs: number[] = [];
  const failedChecks = new Map<string, number>();
  const gauges = new Map<string, number>();
  let preciseMoments = false;
  for await (const sample of k6Samples(lines, path)) {
    const { metric, value, tags } = sample;
    // The samples of one request stand together, and begin with this one.
    const current = requests.at(-1);
    if (metric === 'http_reqs') {
      requests.push(begin(sample));
      preciseMoments ||= sample.isExact;
    } else if (metric === 'http_req_duration' && current !== undefined) current.durationMs = value;
    else if (metric === 'http_req_blocked' && current !== undefined) current.blockedMs = value;
    else if (metric === 'http_req_failed' && current !== undefined) current.failed = value !== 0;
    else if (metric === 'dropped_iterations') droppedMs.push(sample.atMs);
    else if (metric === 'checks' && isMeasured(tags)) {
      const name = tags.check ?? '';
      failedChecks.set(name, (failedChecks.get(name) ?? 0) + (value === 0 ? 1 : 0));
    } else if (metric === 'vus_max') gauges.set(metric, Math.max(value, gauges.get(metric) ?? 0));
    else if (metric.startsWith('load_')) gauges.set(metric, value);
  }
  return {
    kind: 'k6-points',
    requests,
    droppedMs,
    failedChecks,
    warmupLeftOut: (gauges.get('load_warmup_s') ?? 0) > 0,
    users: gauges.get('load_users') ?? null,
    rateRps: gauges.get('load_rate') ?? null,
    thinkS: gauges.get('load_think_s') ?? null,
    measuredS: gauges.get('load_measured_s') ?? null,
    mostUsers: gauges.get('vus_max') ?? null,
    preciseMoments,
  };
}

function begin({ atMs, tags }: K6Sample): K6Request {
  return {
    endMs: atMs,
    durationMs: 0,
    blockedMs: 0,
    failed: failedByStatus(tags),
    status: Number(tags.status ?? 0),
    timedOut: tags.error_code === TIMED_OUT,
    measured: isMeasured(tags),
  };
}

/** As k6 itself calls a request failed unless the script says otherwise; versions before 0.31 leave it to the reader. */
function failedByStatus({ status, error_code }: K6Sample['tags']): boolean | null {
  if (status === undefined) return error_code === undefined ? null : true;
  return Number(status) < 200 || Number(status) >= 400;
}

const isMeasured = ({ phase = 'measured' }: Readonly<Record<string, string>>): boolean =>
  phase === 'measured';
