import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../record/request-record.js';
import type { PointRun } from '../record/run-folder.js';
import { judgeTry } from './judge-try.js';
import { parseSlo } from './slo.js';

const SLO = parseSlo('p95<=100ms');

/** 200 requests over 2 s. */
function judge(
  change: (index: number) => Partial<RequestRecord> & { latencyMs?: number; lagMs?: number },
  run: Partial<PointRun> = {},
) {
  const records = Array.from({ length: 200 }, (_, index): RequestRecord => {
    const scheduled = 1e9 + index * 10_000;
    const { latencyMs = 20, lagMs = 0, ...fields } = change(index);
    const sent = scheduled + lagMs * 1000;
    const done = scheduled + latencyMs * 1000;
    return {
      ...{ index, phase: 'measured', scheduled, fired: sent, acquired: sent, sent, first_byte: done, done },
      ...{ status: 200, outcome: 'ok', checked: false, bytes: 2, image: 0 },
      ...fields,
    };
  });
  const load = { mode: 'open', rate_rps: 100, arrivals: 'constant' } as const;
  const identity = { id: 'a', stack: 'a', workload: 'load', repeat: 0, order: 0 };
  const times = { warmup_us: 0, duration_us: 2e6, timeout_us: 1e7, started_us: 1e9 };
  return judgeTry({ run: { ...identity, load, ...times, ...run }, records, server: null }, SLO);
}

describe('judgeTry', () => {
  it('passes what keeps the SLO with its share of requests', () => {
    expect(judge((index) => ({ latencyMs: index % 25 === 0 ? 150 : 20 }))).toMatchObject({
      outcome: 'pass',
      on_time_share: 0.96,
      rate_rps: 100,
      reason_ids: [],
    });
  });

  it('passes what holds it although the server was still becoming faster', () => {
    expect(judge(() => ({}), { warmup_steady: false })).toMatchObject({ outcome: 'pass', reason_ids: [] });
  });

  it('fails what is late too often', () => {
    const tried = judge((index) => ({ latencyMs: index % 10 === 0 ? 150 : 20 }));
    expect(tried).toMatchObject({ outcome: 'fail', reason_ids: ['slo-missed'], on_time_share: 0.9 });
    expect(tried.latency_ms).toBe(150);
  });

  it('fails a server that refuses most requests and is quick with the rest, however few are left', () => {
    const refused = { outcome: 'rejected', status: 429 } as const;
    expect(judge((index) => (index % 5 === 0 ? {} : refused))).toMatchObject({ outcome: 'fail' });
  });

  it('lets a window decide nothing in which the client was late', () => {
    const { outcome, reason_ids } = judge(() => ({ lagMs: 12, latencyMs: 30 }));
    expect(outcome).toBe('invalid');
    expect(reason_ids).toContain('client-on-time');
  });
});
