import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { percentile, type SortedSamples, sortSamples } from '@servelab/core';
import { readRecords, runDriver } from '@servelab/lab';
import { afterEach, describe, expect, it } from 'vitest';
import { startTarget, type Target } from './target.js';

const S = 1e6;
const DELAY_MS = 250;
const CONCURRENCY = 16;
let target: Target;
afterEach(() => target.stop());

const hasWrk = spawnSync('wrk', ['-v']).error === undefined;

async function measure(): Promise<SortedSamples> {
  const result = await runDriver(
    target.plan({ load: { mode: 'closed', concurrency: CONCURRENCY }, durationUs: 4 * S }),
  );
  const records = await readRecords(result.recordsPath);
  return sortSamples(records.map(({ done, scheduled }) => ((done ?? 0) - scheduled) / 1000));
}

describe('a server with a fixed delay', () => {
  it('has at least that latency, and its median within 2 %', async () => {
    target = await startTarget('../fixtures/delayed-server.mjs', String(DELAY_MS));
    const latencyMs = await measure();
    // Node's timers may fire up to 1 ms early.
    expect(latencyMs[0]).toBeGreaterThan(DELAY_MS - 1);
    expect(Math.abs((percentile(latencyMs, 0.5) ?? 0) / DELAY_MS - 1)).toBeLessThan(0.02);
  });

  it('has the p99 that wrk sees, within 2 %', async ({ skip }) => {
    skip(!hasWrk, 'wrk is not installed');
    target = await startTarget('../fixtures/delayed-server.mjs', String(DELAY_MS));
    const args = ['-t1', `-c${CONCURRENCY}`, '-d4s', '--latency', target.url];
    const { stdout } = await promisify(execFile)('wrk', args);
    const wrkMs = Number(/99%\s+([\d.]+)ms/.exec(stdout)?.[1]);
    const ownMs = percentile(await measure(), 0.99) ?? 0;
    console.log(`p99 ${ownMs.toFixed(1)} ms, wrk ${wrkMs} ms`);
    expect(Math.abs(ownMs / wrkMs - 1)).toBeLessThan(0.02);
  });
});
