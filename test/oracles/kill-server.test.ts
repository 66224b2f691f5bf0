import { afterEach, describe, expect, it } from 'vitest';
import { hold } from './figures.js';
import { either } from './form.js';
import { startTarget, type Target } from './target.js';

const S = 1e6;
/** Moments of the kill, seconds. */
const KILLED_AT_S = either([0.8], [0.3, 0.55, 0.8, 1.05, 1.3]);
let target: Target;
afterEach(() => target.stop());

describe.each([
  { mode: 'open', rate_rps: 300, arrivals: 'poisson' },
  { mode: 'closed', concurrency: 8 },
] as const)('a server killed under $mode load', (load) => {
  it.for(KILLED_AT_S)(
    'at %f s loses no request: every one is recorded with its outcome, and those after the end have failed',
    async (killedAtS, { task }) => {
      target = await startTarget('../fixtures/delayed-server.mjs', '5');
      let killed = false;
      const { records, counts, errors } = await target.run(
        { load, durationUs: 2 * S, graceUs: 0.5 * S },
        {
          onProgress: ({ elapsedUs }) => {
            if (elapsedUs > killedAtS * S && !killed) killed = target.server.kill('SIGKILL');
          },
        },
      );
      const { scheduled, ok, failed } = counts;
      const lost = scheduled - ok - failed + Math.abs(scheduled - records.length);
      hold(task, `SIGKILL at ${killedAtS} s, ${load.mode} loop: requests lost`, lost, { to: 0 });
      expect(records.map(({ index }) => index)).toEqual([...records.keys()]);
      expect(ok).toBeGreaterThan(0);
      expect(failed).toBeGreaterThan(0);
      expect(errors.map(({ message }) => message).join()).toContain('ECONNREFUSED');
      expect(records.at(-1)?.outcome).toBe('failed');
    },
  );
});
