import { setTimeout as delay } from 'node:timers/promises';
import { monotonicNowUs, percentile, sortSamples } from '@servelab/core';
import type { RequestRecord } from '@servelab/lab';
import { afterEach, expect, it } from 'vitest';
import { heldNear, middle } from './figures.js';
import { either } from './form.js';
import { onTheClock } from './on-the-clock.js';
import { NULL_SERVER, startTarget, type Target } from './target.js';

const S = 1e6;
const QUANTILES = [0.9, 0.95, 0.99];
const RUNS = either(3, 5);
let target: Target;
afterEach(() => target.stop());

/**
 * What latencies there must be: the schedule, served in order, with nothing served during the pause, the
 * backlog at the measured drain rate afterwards, and the usual latency otherwise.
 */
function replay(
  scheduledUs: readonly number[],
  pause: { fromUs: number; toUs: number },
  drainGapUs: number,
  usualUs: number,
) {
  let freeUs = 0;
  return scheduledUs.map((arrivalUs) => {
    let startUs = Math.max(arrivalUs, freeUs);
    if (startUs >= pause.fromUs && startUs < pause.toUs) startUs = pause.toUs;
    freeUs = startUs + drainGapUs;
    return Math.max(freeUs - arrivalUs, usualUs);
  });
}

const latencyUs = ({ done, scheduled }: RequestRecord) => (done ?? Number.NaN) - scheduled;

/** Percentile of the measured latencies over that of the replay, for each of the quantiles. */
async function stopOnce(): Promise<number[]> {
  const pause = { fromUs: 0, toUs: 0 };
  let paused: Promise<void> | undefined;
  const stopForAWhile = async () => {
    await delay(4000);
    target.server.kill('SIGSTOP');
    pause.fromUs = monotonicNowUs();
    await delay(1400);
    target.server.kill('SIGCONT');
    pause.toUs = monotonicNowUs();
  };
  const { records, counts, connectionsOpened } = await target.run(
    { load: { mode: 'open', rate_rps: 1000, arrivals: 'constant' }, durationUs: 10 * S },
    {
      onPhase: (phase) => {
        if (phase === 'measured') paused = stopForAWhile();
      },
    },
  );
  await paused;
  expect(counts).toMatchObject({ scheduled: 10_000, ok: 10_000 });

  const backlog = records.filter(({ scheduled }) => scheduled >= pause.fromUs && scheduled < pause.toUs);
  const drained = sortSamples(backlog.map(({ done }) => done ?? Number.NaN));
  const drainGapUs = ((drained.at(-1) ?? 0) - pause.toUs) / drained.length;
  const usual = sortSamples(records.filter(({ scheduled }) => scheduled < pause.fromUs - S).map(latencyUs));
  const usualUs = percentile(usual, 0.5) ?? 0;
  const expected = sortSamples(
    replay(
      records.map(({ scheduled }) => scheduled),
      pause,
      drainGapUs,
      usualUs,
    ),
  );
  const measured = sortSamples(records.map(latencyUs));
  expect(connectionsOpened).toBe(2000);
  return QUANTILES.map((q) => (percentile(measured, q) ?? 0) / (percentile(expected, q) ?? 0));
}

it('reports what users felt while the server was stopped: p90, p95 and p99 within 2 % of a replay', (context) =>
  onTheClock(context, async () => {
    target = await startTarget(NULL_SERVER);
    const runs: number[][] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await stopOnce());
    return QUANTILES.map((q, index) => {
      const ratio = middle(runs.map((ratios) => ratios[index] ?? Number.NaN));
      return heldNear(`SIGSTOP of 1.4 s: p${q * 100} against a replay, ${RUNS} runs`, ratio, 2);
    });
  }));
