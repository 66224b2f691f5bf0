import { readRecords, runDriver } from '@servelab/lab';
import { afterEach, describe, expect, it } from 'vitest';
import { startTarget, type Target } from './target.js';

const S = 1e6;
let target: Target;
afterEach(() => target.stop());

describe.each([
  { mode: 'open', rate_rps: 300, arrivals: 'poisson' },
  { mode: 'closed', concurrency: 8 },
] as const)('a server killed under $mode load', (load) => {
  it('loses no request: every one is recorded with its outcome, and those after the end have failed', async () => {
    target = await startTarget('../fixtures/delayed-server.mjs', '5');
    let killed = false;
    const result = await runDriver(target.plan({ load, durationUs: 2 * S, graceUs: 0.5 * S }), {
      onProgress: ({ elapsedUs }) => {
        if (elapsedUs > 0.8 * S && !killed) killed = target.server.kill('SIGKILL');
      },
    });
    const records = await readRecords(result.recordsPath);
    const { scheduled, ok, failed } = result.counts;
    expect(records.length).toBe(scheduled);
    expect(records.map(({ index }) => index)).toEqual([...records.keys()]);
    expect(ok).toBeGreaterThan(50);
    expect(failed).toBeGreaterThan(20);
    expect(ok + failed).toBe(scheduled);
    expect(result.errors.map(({ message }) => message).join()).toContain('ECONNREFUSED');
    expect(records.at(-1)?.outcome).toBe('failed');
  });
});
