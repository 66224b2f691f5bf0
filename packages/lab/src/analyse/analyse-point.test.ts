import type { BatchRecord } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import type { Outcome, RequestRecord } from '../record/request-record.js';
import type { PointRun, ServerSide } from '../record/run-folder.js';
import { analysePoint, examinePoint } from './analyse-point.js';
import type { PointSample } from './point-sample.js';
import { batchesByRule } from './server-side.js';
import { parseSlo } from './slo.js';

const MS = 1000;

function run(overrides: Partial<PointRun> = {}): PointRun {
  return {
    id: 'p',
    stack: 's',
    workload: 'w',
    repeat: 0,
    order: 0,
    load: { mode: 'closed', concurrency: 1 },
    warmup_us: 0,
    duration_us: 1000 * MS,
    timeout_us: 500 * MS,
    started_us: 0,
    ...overrides,
  };
}

/** Sent the moment it is scheduled; `doneMs` null where no answer came. */
function request(
  index: number,
  scheduledMs: number,
  doneMs: number | null,
  outcome: Outcome = 'ok',
  extra: Partial<RequestRecord> = {},
): RequestRecord {
  const atUs = scheduledMs * MS;
  return {
    index,
    phase: 'measured',
    scheduled: atUs,
    fired: atUs,
    acquired: atUs,
    sent: atUs,
    first_byte: doneMs === null ? null : doneMs * MS,
    done: doneMs === null ? null : doneMs * MS,
    status: doneMs === null ? null : 200,
    outcome,
    checked: false,
    bytes: 1,
    image: 0,
    ...extra,
  };
}

const sample = (
  records: RequestRecord[],
  overrides: Partial<PointRun> = {},
  server: ServerSide | null = null,
): PointSample => ({
  run: run(overrides),
  records,
  server,
});

/** One user whose requests each take 100 ms, back to back for a second. */
const backToBack = Array.from({ length: 10 }, (_, i) => request(i, i * 100, (i + 1) * 100));

describe('analysePoint', () => {
  it('counts right answers that end inside the window, those begun in the warm-up included', () => {
    const warm = request(0, 50, 150, 'ok', { phase: 'warmup' });
    const inside = request(1, 150, 300);
    const late = request(2, 1050, 1200);
    const wrong = request(3, 400, 500, 'wrong', { checked: true });
    const point = analysePoint([sample([warm, inside, late, wrong], { warmup_us: 100 * MS })]);
    expect(point.throughput_rps).toEqual({ value: 2, ci95: null, n: 1, censored: false });
    expect(point.counts).toEqual({
      scheduled: 3,
      ok: 2,
      wrong: 1,
      rejected: 0,
      failed: 0,
      timed_out: 0,
      incomplete: 0,
    });
    expect(point).toMatchObject({ samples: 3, checked: 1 });
  });

  it('takes latency from the scheduled moment and service time from the send', () => {
    const delayed = Array.from({ length: 10 }, (_, i) =>
      request(i, i * 100, i * 100 + 100, 'ok', { sent: (i * 100 + 30) * MS }),
    );
    const point = analysePoint([sample(delayed)]);
    expect(point.latency_ms.p50.value).toBe(100);
    expect(point.service_ms.p50.value).toBe(70);
  });

  it('counts an answer as good only within the SLO’s bound', () => {
    const records = [request(0, 0, 100), request(1, 100, 400), request(2, 400, 500)];
    const point = analysePoint([sample(records)], { slo: 'p99<=250ms' });
    expect(point.throughput_rps.value).toBe(3);
    expect(point.goodput_rps.value).toBe(2);
  });

  it('lets a time-out into the latencies as a lower bound, and keeps quick refusals out', () => {
    const records = [
      ...Array.from({ length: 8 }, (_, i) => request(i, i * 100, i * 100 + 10 * (i + 1))),
      request(8, 0, null, 'timed_out'),
      request(9, 0, 1, 'rejected', { status: 429 }),
    ];
    const { latency_ms, samples } = analysePoint([sample(records)]);
    expect(samples).toBe(9);
    // 10, 20, ... 80, >= 500: the median is the fifth; the largest is the time-out.
    expect(latency_ms.p50).toMatchObject({ value: 50, censored: false });
    expect(latency_ms.max).toMatchObject({ value: 500, censored: true });
    expect(latency_ms.mean.censored).toBe(true);
  });

  it('shows no percentile that the samples of all repeats together do not support', () => {
    const repeats = Array.from({ length: 4 }, (_, repeat) => sample(backToBack, { repeat }));
    const { latency_ms } = analysePoint(repeats);
    expect(latency_ms.p50).toMatchObject({ value: 100, n: 4 });
    expect(latency_ms.p90).toEqual({ value: null, ci95: null, n: 0, censored: false });
    expect(analysePoint([...repeats, sample(backToBack, { repeat: 4 })]).latency_ms.p90.value).toBe(100);
  });

  it('takes a request due at the very start as measured, although records are kept in whole microseconds', () => {
    const misplaced = (scheduledMs: number) => {
      const started_us = 100 * MS + 0.4;
      const { checks } = examinePoint([sample([request(0, scheduledMs, 120)], { started_us })], null);
      return checks.find(({ id }) => id === 'requests-accounted-for')?.value;
    };
    expect(misplaced(100)).toBe(0);
    expect(misplaced(99.999)).toBe(1);
  });

  it('holds Little’s law: 10 answers a second of 100 ms each keep one user busy', () => {
    const kept = examinePoint([sample(backToBack)], null);
    expect(kept.checks.find(({ id }) => id === 'littles-law')).toMatchObject({ value: 1, ok: true });
    const idle = backToBack.map((record) => ({ ...record, done: (record.done ?? 0) - 20 * MS }));
    const { point, checks } = examinePoint([sample(idle)], null);
    expect(point.verdict.status).toBe('INVALID');
    expect(point.verdict.reason_ids).toEqual(['littles-law']);
    expect(checks.find(({ ok }) => !ok)).toMatchObject({
      comparator: 'within',
      value: expect.closeTo(0.8),
      target: 1,
      limit: 0.05,
    });
  });

  it('is INVALID when the client sends late, and not when it waits for a connection', () => {
    const open = { mode: 'open', rate_rps: 100, arrivals: 'constant' } as const;
    const arrivals = (extra: (atUs: number) => Partial<RequestRecord>) =>
      Array.from({ length: 100 }, (_, i) => request(i, i * 10, i * 10 + 8, 'ok', extra(i * 10 * MS)));
    const late = arrivals((atUs) => ({ fired: atUs + 4 * MS, acquired: atUs + 4 * MS, sent: atUs + 4 * MS }));
    const waiting = arrivals((atUs) => ({ acquired: atUs + 4 * MS, sent: atUs + 4 * MS }));
    expect(examinePoint([sample(late, { load: open })], null)).toMatchObject({
      point: { verdict: { status: 'INVALID', reason_ids: ['client-on-time'] } },
      checks: expect.arrayContaining([
        expect.objectContaining({
          id: 'client-on-time',
          comparator: 'max',
          value: 4,
          limit: 3,
          unit: 'ms',
          ok: false,
        }),
      ]),
    });
    expect(analysePoint([sample(waiting, { load: open })]).verdict.status).toBe('VALID');
  });

  it('takes batches of the measured window only', () => {
    const batch = (id: number, formed_at_ms: number, size: number, reason: string, rule: string) => ({
      ...{
        id,
        worker: 0,
        size,
        reason,
        rule,
        formed_at_ms,
        wait_ms: 1,
        decode_ms: 1,
        infer_ms: 10 * size,
        request_ids: [],
      },
    });
    const server: ServerSide = {
      cpu_s: 0.5,
      rss_mb: 100,
      batches: [
        batch(0, -5, 8, 'in the warm-up', 'other'),
        batch(1, 10, 1, 'the window of 10 ms ended with 1', 'window-ended'),
        batch(2, 20, 3, 'the window of 10 ms ended with 3', 'window-ended'),
      ],
      client_utilisation: 0.1,
      spin_before_ms: 50,
      spin_after_ms: 50,
      steal: 0,
    };
    const point = analysePoint([sample(backToBack, {}, server)]);
    expect(point.batch_size).toEqual({ mean: 2, histogram: { 1: 1, 3: 1 } });
    expect(point.batch_rules).toEqual({ 'window-ended': 2 });
    expect(point.cpu_s_per_1000.value).toBeCloseTo((0.5 / 9) * 1000, 6);
  });

  it('refuses nothing to analyse', () => {
    expect(() => analysePoint([])).toThrow(RangeError);
  });
});

describe('batchesByRule', () => {
  it('counts a rule once, whatever its reasons say', () => {
    const batch = (rule: string, reason: string): BatchRecord => ({
      ...{ id: 0, worker: 0, size: 1, reason, rule, formed_at_ms: 0, wait_ms: 0, decode_ms: 0, infer_ms: 1 },
      request_ids: [],
    });
    const batches = [
      batch('worker-free', 'a worker is free and 1 waits'),
      batch('worker-free', 'a worker is free and 3 wait'),
      batch('other', 'the moon is full'),
    ];
    expect(batchesByRule(batches)).toEqual({ 'worker-free': 2, other: 1 });
  });
});

describe('parseSlo', () => {
  it.each([
    ['p99<=250ms', 0.99, 250],
    ['p99.9 <= 1.5s', 0.999, 1500],
  ])('understands %s', (text, fraction, limitMs) => {
    const slo = parseSlo(text);
    expect(slo.fraction).toBeCloseTo(fraction, 10);
    expect(slo.limitMs).toBe(limitMs);
  });

  it.each(['fast', 'p99<250ms', 'p100<=1ms', 'p99<=1'])('refuses %s with an example', (text) => {
    expect(() => parseSlo(text)).toThrow(/is not understood/);
  });
});
