import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { percentile, type SortedSamples, sortSamples } from '@servelab/core';
import { readRecords, runDriver } from '@servelab/lab';
import { afterEach, describe, expect, it } from 'vitest';
import { startTarget, type Target } from './target.js';

const S = 1e6;
const DELAY_MS = 400;
const CONCURRENCY = 16;
const ROUNDS = 7;
let target: Target;
afterEach(() => target.stop());

const hasWrk = spawnSync('wrk', ['-v']).error === undefined;

async function measure(seconds: number): Promise<SortedSamples> {
  const result = await runDriver(
    target.plan({ load: { mode: 'closed', concurrency: CONCURRENCY }, durationUs: seconds * S }),
  );
  const records = await readRecords(result.recordsPath);
  return sortSamples(records.map(({ done, scheduled }) => ((done ?? 0) - scheduled) / 1000));
}

describe('a server with a fixed delay', () => {
  it('has at least that latency, and its median within 2 %', async () => {
    target = await startTarget('../fixtures/delayed-server.mjs', String(DELAY_MS));
    const latencyMs = await measure(4);
    // Node's timers may fire up to 1 ms early.
    expect(latencyMs[0]).toBeGreaterThan(DELAY_MS - 1);
    expect(Math.abs((percentile(latencyMs, 0.5) ?? 0) / DELAY_MS - 1)).toBeLessThan(0.02);
  });

  // In turns, and the middle one of the rounds: a spell of noise on the machine lasts about as long as a round.
  it('has the p99 that wrk sees, within 2 %', async ({ skip }) => {
    skip(!hasWrk, 'wrk is not installed');
    target = await startTarget('../fixtures/delayed-server.mjs', String(DELAY_MS));
    const rounds: { wrkMs: number; ownMs: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const args = ['-t1', `-c${CONCURRENCY}`, '-d2s', '--latency', target.url];
      const { stdout } = await promisify(execFile)('wrk', args);
      const wrkMs = Number(/99%\s+([\d.]+)ms/.exec(stdout)?.[1]);
      rounds.push({ wrkMs, ownMs: percentile(await measure(2), 0.99) ?? 0 });
    }
    const middle = (values: number[]) => percentile(sortSamples(values), 0.5) ?? Number.NaN;
    const wrkMs = middle(rounds.map((round) => round.wrkMs));
    const ownMs = middle(rounds.map((round) => round.ownMs));
    console.log(`p99 ${ownMs.toFixed(1)} ms, wrk ${wrkMs.toFixed(1)} ms, medians of ${ROUNDS} rounds`);
    expect(Math.abs(ownMs / wrkMs - 1)).toBeLessThan(0.02);
  });
});
