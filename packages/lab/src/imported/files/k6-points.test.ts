import { describe, expect, it } from 'vitest';
import { loadFromK6 } from '../load-from-k6.js';
import { readK6Points } from './k6-points.js';
import { preciseMs } from './k6-samples.js';

const point = (metric: string, value: number, atS: number, tags: Record<string, string> = {}) =>
  JSON.stringify({
    metric,
    type: 'Point',
    data: { time: `2026-01-01T00:00:${String(10 + atS).padStart(2, '0')}.000000Z`, value, tags },
  });

/** As k6 writes one request: its samples together, all with the moment of its end. */
const request = (endS: number, durationMs: number, tags: Record<string, string> = {}, failed = 0) => [
  point('http_reqs', 1, endS, { status: '200', ...tags }),
  point('http_req_duration', durationMs, endS),
  point('http_req_blocked', 1, endS),
  point('http_req_failed', failed, endS),
];

const NOTHING = { users: null, rateRps: null };

async function loadOf(lines: readonly string[]) {
  const load = loadFromK6(
    { summary: undefined, points: await readK6Points(lines, 'points.ndjson'), note: null },
    NOTHING,
  );
  if (load === null) throw new Error('no load');
  return load;
}

describe('samples of k6', () => {
  it('keep what is finer than a millisecond', () => {
    expect(preciseMs('2026-01-01T00:00:00.123456789Z') % 1000).toBeCloseTo(123.4568, 3);
    expect(preciseMs('2026-01-01T00:00:00.5Z') % 1000).toBe(500);
  });

  it('leave the warm-up out, and count answers by what became of them', async () => {
    const load = await loadOf([
      point('load_users', 2, 0),
      point('load_warmup_s', 1, 0),
      point('load_measured_s', 4, 0),
      point('load_think_s', 0, 0),
      ...request(1, 10, { phase: 'warmup' }),
      ...request(2, 20, { phase: 'measured' }),
      ...request(3, 40, { phase: 'measured' }),
      ...request(4, 5, { phase: 'measured', status: '503' }, 1),
      ...request(5, 60, { phase: 'measured', status: '0', error_code: '1050' }, 1),
      ...request(5, 30, { phase: 'after' }),
      ...[1, 0, 0, 0].map((passed) =>
        point('checks', passed, 5, { check: 'a class comes first', phase: 'measured' }),
      ),
    ]);
    expect(load.load).toEqual({ mode: 'closed', concurrency: 2 });
    // Three failed the check: one was refused, one timed out, so one answer was wrong.
    expect(load.counts).toEqual({
      scheduled: 4,
      ok: 1,
      wrong: 1,
      rejected: 1,
      failed: 0,
      timed_out: 1,
      incomplete: 0,
    });
    expect(load.fromSend).toMatchObject({ mean: 30, p50: 30, max: 40 });
    expect(load.throughputRps).toBe(0.25);
    expect(load.warmupIncluded).toBe(false);
    // Two users, four requests in four seconds.
    expect(load.fromSchedule.mean).toBe(2000);
  });

  it('of a rate give the latency from the schedule, and what was dropped', async () => {
    const load = await loadOf([
      point('load_rate', 1, 0),
      point('load_measured_s', 4, 0),
      ...request(1, 20, { phase: 'measured' }),
      point('dropped_iterations', 1, 2),
      ...request(4, 520, { phase: 'measured' }),
    ]);
    expect(load.load).toEqual({ mode: 'open', rate_rps: 1, arrivals: 'constant' });
    expect(load.counts).toMatchObject({ scheduled: 3, ok: 2, incomplete: 1 });
    expect(load.dropped).toBe(1);
    // Starts: 0.979 s and 3.479 s, the dropped one between them; so the last was due at 2.979 s.
    expect(load.lagMs.p99).toBeCloseTo(495, 6);
    expect(load.fromSchedule.max).toBeCloseTo(500 + 1 + 520, 6);
  });

  it('of a script that tells nothing are a closed loop of as many users as there were, which is a guess', async () => {
    const load = await loadOf([point('vus_max', 5, 0), ...request(1, 20), ...request(2, 20)]);
    expect(load).toMatchObject({ load: { mode: 'closed', concurrency: 5 }, loadIsKnown: false });
    expect(load.fromSchedule.mean).toBeNull();
  });

  it('name the line that is damaged', async () => {
    await expect(readK6Points(['', '{"metric":"http_reqs"'], 'x.ndjson')).rejects.toThrow(
      'line 2 of x.ndjson is not a k6 sample',
    );
  });
});
