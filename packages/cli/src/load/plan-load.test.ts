import { resolveOptions } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { LOAD_OPTIONS } from './load-options.js';
import { planLoad } from './plan-load.js';

const target = {
  url: 'http://127.0.0.1:1/predict',
  method: 'POST',
  headers: {},
  adapter: { body: 'raw' },
  expectedClass: 88,
  checkShare: 1,
} as const;

const plan = (flags: Record<string, unknown>) => {
  const { values } = resolveOptions(LOAD_OPTIONS, { flags, environment: {}, file: {} });
  return planLoad(target, values, ['a.jpg', 'b.jpg'], 'r.ndjson');
};

describe('planLoad', () => {
  it('turns words into microseconds, with the defaults of the help', () => {
    expect(plan({ concurrency: '8', duration: '500ms' })).toMatchObject({
      load: { mode: 'closed', concurrency: 8 },
      warmupUs: 1_000_000,
      durationUs: 500_000,
      timeoutUs: 10_000_000,
      graceUs: 10_000_000,
      adapter: { body: 'raw' },
      checkShare: 1,
      images: [
        { path: 'a.jpg', expectedClass: 88 },
        { path: 'b.jpg', expectedClass: 88 },
      ],
    });
  });

  it('is open with a rate', () => {
    expect(plan({ rate: '12.5', arrivals: 'constant', timeout: '2m' })).toMatchObject({
      load: { mode: 'open', rate_rps: 12.5, arrivals: 'constant' },
      graceUs: 30_000_000,
    });
  });

  it.each(['0', '0s', '0ms'])('leaves the warm-up out for %s', (warmup) => {
    expect(plan({ rate: '1', warmup }).warmupUs).toBe(0);
  });

  it.each([{}, { rate: '1', concurrency: '1' }])('refuses %j', (flags) => {
    expect(() => plan(flags)).toThrow(/not given|both/);
  });
});
