import type { LoadProfile } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../record/request-record.js';
import { driftOf, loadWindows } from './load-windows.js';
import type { PointSample } from './point-sample.js';

const STARTED_US = 1e9;
const WARMUP_US = 1e6;

/** Evenly spaced requests over 10 s after a second of warm-up, each answered after `latencyMs(seconds)`. */
function sample(
  profile: LoadProfile | undefined,
  ratePerS: number,
  latencyMs: (atS: number) => number,
  outcome: (atS: number) => RequestRecord['outcome'] = () => 'ok',
): PointSample {
  const records = Array.from({ length: 11 * ratePerS }, (_, index): RequestRecord => {
    const atS = (index + 0.5) / ratePerS - 1;
    const scheduled = STARTED_US + WARMUP_US + atS * 1e6;
    const done = scheduled + latencyMs(atS) * 1000;
    return {
      ...{ index, phase: atS < 0 ? 'warmup' : 'measured', scheduled, fired: scheduled, acquired: scheduled },
      ...{ sent: scheduled, first_byte: done, done, status: 200, outcome: outcome(atS) },
      ...{ checked: false, bytes: 2, image: 0 },
    };
  });
  const load = {
    mode: 'open',
    rate_rps: ratePerS,
    arrivals: 'constant',
    ...(profile && { profile }),
  } as const;
  const identity = { id: 'a', stack: 'a', workload: 'load', repeat: 0, order: 0 };
  const times = { warmup_us: WARMUP_US, duration_us: 1e7, timeout_us: 1e7, started_us: STARTED_US };
  return { run: { ...identity, load, ...times }, records, server: null };
}

describe('loadWindows', () => {
  it('counts a request in the stretch that it was scheduled in', () => {
    const spike = { shape: 'spike', to_rps: 100, spike_s: 2 } as const;
    const slow = (atS: number) => (atS >= 4 && atS < 6 ? 5000 : 10);
    const failed = (atS: number) => (atS >= 6 && atS < 7 ? 'failed' : 'ok');
    const windows = loadWindows([sample(spike, 100, slow, failed)]) ?? [];
    expect(windows.map(({ from_s, to_s, planned_rps }) => [from_s, to_s, planned_rps])).toEqual([
      [0, 4, 100],
      [4, 6, 100],
      [6, 10, 100],
    ]);
    expect(windows.map(({ scheduled, ok, ok_rps }) => [scheduled, ok, ok_rps])).toEqual([
      [400, 400, 100],
      [200, 200, 100],
      [400, 300, 75],
    ]);
    expect(windows.map(({ p95_ms }) => Math.round(p95_ms.value ?? 0))).toEqual([10, 5000, 10]);
  });

  it('ends with the stretch in which the load was stopped', () => {
    const whole = sample({ shape: 'step', to_rps: 40, steps: 4 }, 10, () => 10);
    const run = { ...whole.run, duration_us: 4e6, planned_us: 1e7 };
    const windows = loadWindows([{ ...whole, run, records: whole.records.slice(0, 50) }]) ?? [];
    expect(windows.map(({ from_s, to_s, planned_rps }) => [from_s, to_s, planned_rps])).toEqual([
      [0, 2.5, 10],
      [2.5, 4, 20],
    ]);
    expect(windows.map(({ scheduled }) => scheduled)).toEqual([25, 15]);
  });

  it('counts the request at the very start, although records are kept in whole microseconds', () => {
    const whole = sample({ shape: 'soak' }, 20, () => 10);
    const records = whole.records.map((record) =>
      record.index === 20 ? { ...record, scheduled: STARTED_US + WARMUP_US - 0.4 } : record,
    );
    const windows = loadWindows([{ ...whole, records }]) ?? [];
    expect(windows.map(({ scheduled }) => scheduled)).toEqual(new Array(10).fill(20));
  });

  it('leaves a percentile out that the stretch is too small for, and a load without a profile alone', () => {
    const [first] = loadWindows([sample({ shape: 'soak' }, 20, () => 10)]) ?? [];
    expect(first).toMatchObject({ scheduled: 20, p50_ms: { value: 10 }, p95_ms: { value: null } });
    expect(loadWindows([sample(undefined, 20, () => 10)])).toBeNull();
  });
});

describe('driftOf', () => {
  // Deterministic unevenness, so that there is something to test a slope against.
  const uneven = (atS: number) => 1 + 0.01 * Math.sin(40 * atS * atS);
  const drift = (latencyMs: (atS: number) => number) =>
    driftOf(loadWindows([sample({ shape: 'soak' }, 200, latencyMs)]) ?? []);

  it('finds latency that grows by a fifth, and tells by how much', () => {
    const found = drift((atS) => 20 * uneven(atS) * (1 + 0.02 * atS));
    expect(found?.drifts).toBe(true);
    expect(found?.change_pct).toBeGreaterThan(14);
    expect(found?.change_pct).toBeLessThan(20);
  });

  it('finds none where there is none, nor one too small to matter', () => {
    expect(drift((atS) => 20 * uneven(atS))).toMatchObject({ drifts: false });
    expect(drift((atS) => 20 * (1 + 0.001 * atS))).toMatchObject({
      drifts: false,
      p_value: expect.any(Number),
    });
  });

  it('is null where a window has too few requests', () => {
    expect(driftOf(loadWindows([sample({ shape: 'soak' }, 20, () => 10)]) ?? [])).toBeNull();
  });
});
