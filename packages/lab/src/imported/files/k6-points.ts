import { environmentError } from '@servelab/core';
import { z } from 'zod';

/** One request as `--out json` has it; moments in ms. */
export interface K6Request {
  readonly endMs: number;
  /** Sending, waiting and receiving. */
  durationMs: number;
  /** Waiting for a connection and opening it, before that. */
  blockedMs: number;
  failed: boolean;
  readonly status: number;
  readonly timedOut: boolean;
  /** False for those that the script tells apart: its warm-up, and what begins after the end. */
  readonly measured: boolean;
}

/** What `--out json=FILE` writes: a line a sample. */
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
}

const lineSchema = z.object({
  type: z.enum(['Metric', 'Point']),
  metric: z.string(),
  data: z.object({
    time: z.string().optional(),
    value: z.number().optional(),
    tags: z.record(z.string(), z.string()).nullable().optional(),
  }),
});

const TIMED_OUT = '1050';

/** Reads line by line: an hour of samples is more than a string can hold. */
export async function readK6Points(
  lines: AsyncIterable<string> | Iterable<string>,
  path: string,
): Promise<K6Points> {
  const requests: K6Request[] = [];
  const droppedMs: number[] = [];
  const failedChecks = new Map<string, number>();
  const gauges = new Map<string, number>();
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line === '') continue;
    const { type, metric, data } = parseLine(line, path, number);
    const { time, value } = data;
    if (type !== 'Point' || time === undefined || value === undefined) continue;
    const tags = data.tags ?? {};
    // The samples of one request stand together, and begin with this one.
    const current = requests.at(-1);
    if (metric === 'http_reqs') requests.push(begin(time, tags));
    else if (metric === 'http_req_duration' && current !== undefined) current.durationMs = value;
    else if (metric === 'http_req_blocked' && current !== undefined) current.blockedMs = value;
    else if (metric === 'http_req_failed' && current !== undefined) current.failed = value !== 0;
    else if (metric === 'dropped_iterations') droppedMs.push(Date.parse(time));
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
  };
}

function begin(time: string, tags: Readonly<Record<string, string>>): K6Request {
  return {
    endMs: preciseMs(time),
    durationMs: 0,
    blockedMs: 0,
    failed: false,
    status: Number(tags.status ?? 0),
    timedOut: tags.error_code === TIMED_OUT,
    measured: isMeasured(tags),
  };
}

const isMeasured = ({ phase = 'measured' }: Readonly<Record<string, string>>): boolean =>
  phase === 'measured';

/** RFC 3339 with up to nine decimals, of which `Date` keeps three. */
export function preciseMs(time: string): number {
  const decimals = /\.\d{3}(\d+)/.exec(time)?.[1] ?? '';
  return Date.parse(time) + (decimals === '' ? 0 : Number(`0.${decimals}`));
}

function parseLine(line: string, path: string, number: number) {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (error) {
    throw environmentError(
      `line ${number} of ${path} is no sample of k6`,
      'The file is damaged or was cut off: run k6 again.',
      error,
    );
  }
}
