import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../record/request-record.js';
import { phaseStats, phasesMs } from './phases.js';
import type { PointSample } from './point-sample.js';

const record: RequestRecord = {
  index: 0,
  phase: 'measured',
  scheduled: 1000,
  fired: 1200,
  connecting: 1500,
  acquired: 4500,
  sent: 4500,
  first_byte: 9500,
  done: 11_000,
  status: 200,
  outcome: 'ok',
  checked: false,
  bytes: 2,
  image: 0,
};
const { connecting: _, ...ready } = record;

describe('phasesMs', () => {
  it('tells waiting for a free connection from the opening of the one that it got', () => {
    expect(phasesMs(record)).toEqual({ lag: 0.2, wait: 0.3, connect: 3, first_byte: 5, body: 1.5 });
  });

  it('has no time to connect where the connection was open already, as in records of older runs', () => {
    expect(phasesMs(ready)).toEqual({ lag: 0.2, wait: 3.3, connect: 0, first_byte: 5, body: 1.5 });
  });

  it.each([
    ['was refused', { outcome: 'rejected', status: 429 }],
    ['timed out', { outcome: 'timed_out', first_byte: null, done: null }],
  ] as const)('has none for a request that %s', (_what, change) => {
    expect(phasesMs({ ...record, ...change })).toBeNull();
  });
});

describe('phaseStats', () => {
  const sample = (repeat: number, records: readonly RequestRecord[]): PointSample => ({
    run: {
      id: 'p',
      stack: 's',
      workload: 'w',
      repeat,
      order: 0,
      load: { mode: 'closed', concurrency: 1 },
      warmup_us: 0,
      duration_us: 1_000_000,
      timeout_us: 1_000_000,
      started_us: 0,
    },
    records,
    server: null,
  });

  it('is the mean of the repeats’ own figures, without warm-up, and null where samples are too few', () => {
    const warm = { ...record, phase: 'warmup', first_byte: 5000 } as const;
    const slower = { ...record, first_byte: 10_500 };
    const few = [sample(0, [warm, record, record, record]), sample(1, [slower, slower, slower, slower])];
    const { first_byte, body } = phaseStats(few);
    expect(first_byte.mean).toMatchObject({ value: 5.5, n: 2, censored: false });
    expect(first_byte.p50.value).toBe(5.5);
    expect(first_byte.p99.value).toBeNull();
    expect(body.mean.value).toBe(1);
  });
});
