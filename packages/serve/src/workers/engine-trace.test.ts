import { type BatchRecord, monotonicNowUs, seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { manyScanJpeg } from '../../../../test/fixtures/many-scan-jpeg.js';
import { onePixelGif as gif } from '../../../../test/fixtures/one-pixel-gif.js';
import { createPolicy, POLICY_NAMES } from '../schedule/policies/index.js';
import { POLICY_OPTIONS } from '../schedule/policies/policy-options.fixture.js';
import { Scheduler, type StartedBatch } from '../schedule/scheduler.js';
import type { SchedulerEvent } from '../schedule/scheduler-event.js';
import { BodyArena } from '../shared-memory/body-arena.js';
import { ENGINE_OPTIONS, placed } from './engine.fixture.js';
import { createEngine } from './engine.js';

const options = { ...POLICY_OPTIONS, workers: 2 };
const limits = { maxBatchSize: options.maxBatchSize, queueLimit: 64 };

/** Decoded at once on the worker's thread, and for half a second and more on any machine. */
const QUICK = manyScanJpeg(8, 8, 1);
const SLOW = manyScanJpeg(7000, 7000, 50);

/** Bursts, gaps, requests of several images, some given up, on two real workers: about 150 images. */
const mixedBursts = { requests: 60, decodeTimeoutMs: 10_000, file: (n: number) => gif(n) };
/** Some of the images cost their worker. */
const slowImages = { requests: 30, decodeTimeoutMs: 50, file: (n: number) => (n % 10 === 5 ? SLOW : QUICK) };

interface Way {
  readonly transport: 'shared-memory' | 'ipc' | 'in-process';
  readonly decodeThreads: number;
}

const WAYS: readonly Way[] = [
  { transport: 'shared-memory', decodeThreads: 0 },
  { transport: 'ipc', decodeThreads: 0 },
  { transport: 'in-process', decodeThreads: 0 },
  // The one worker decodes ahead as well.
  { transport: 'in-process', decodeThreads: 2 },
];
const ARENA_BYTES = 16 * 1024 * 1024;

async function recordedRun(
  name: (typeof POLICY_NAMES)[number],
  { requests, decodeTimeoutMs, file }: typeof mixedBursts,
  { transport, decodeThreads }: Way = { transport: 'shared-memory', decodeThreads: 0 },
) {
  const arena = transport === 'shared-memory' ? BodyArena.create(ARENA_BYTES) : null;
  const events: SchedulerEvent[] = [];
  let losses = 0;
  const batches: BatchRecord[] = [];
  const engine = createEngine({
    ...ENGINE_OPTIONS,
    ...limits,
    runtime: {
      kind: 'simulated',
      inputSize: 8,
      classCount: 10,
      costMs: [3, 3.5, 4, 4.5],
      occupies: 'device',
    },
    policy: createPolicy(name, options),
    workers: transport === 'in-process' ? 0 : options.workers,
    arena,
    decodeThreads,
    maxImagePixels: 50_000_000,
    decodeTimeoutMs,
    observer: {
      schedulerEvent: (event) => events.push(structuredClone(event)),
      batchDone: (record) => batches.push(record),
      workerLost: () => {
        losses++;
      },
    },
  });
  await engine.start();
  const random = seededRandom(1, name);
  const outcomes: Promise<unknown>[] = [];
  for (let n = 0; n < requests; n++) {
    const deadlineUs = monotonicNowUs() + (random() < 0.2 ? 9000 : 30_000_000);
    const images = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, at) => ({
      requestId: `${n}`,
      ...placed(arena, at === 0 ? file(n) : file(0)),
      deadlineUs,
    }));
    const submission = engine.submit(images);
    if (submission.accepted) {
      outcomes.push(submission.outcomes);
      if (random() < 0.1) submission.cancel();
    }
    // Latched on work, not on time: now and then everything so far is answered.
    if (random() < 0.3) await Promise.all(outcomes);
  }
  await Promise.all(outcomes);
  await engine.close(1000);
  arena?.close();
  return { events, batches, losses };
}

type RecordedRun = Awaited<ReturnType<typeof recordedRun>>;

/** Replays it, and holds what started against the journal. */
function expectSameBatches(
  name: (typeof POLICY_NAMES)[number],
  { events, batches, losses }: RecordedRun,
): void {
  const scheduler = new Scheduler({
    ...limits,
    policy: createPolicy(name, options),
    maxWaitUs: options.maxWaitMs * 1000,
  });
  const replayed: StartedBatch[] = events.flatMap((event) => scheduler.handle(event)?.started ?? []);
  expect(batches.length).toBeGreaterThan(10);
  const key = (batch: { id: number; worker: number; size: number; reason: string }) =>
    [batch.id, batch.worker, batch.size, batch.reason].join(' | ');
  const ran = replayed.map(({ id, worker, ids, reason }) => key({ id, worker, size: ids.length, reason }));
  // The journal is in order of completion; it lacks what was lost, and the last batches may have been ended.
  expect(ran).toEqual(expect.arrayContaining(batches.map(key)));
  expect(ran.length - batches.length).toBeLessThanOrEqual(options.workers + losses);
}

describe('what happened to the server, replayed in the simulator, gives the same batches', () => {
  const ways = WAYS.flatMap((way) => POLICY_NAMES.map((name) => ({ name, ...way })));
  it.each(ways)('$name, with $transport, decoding on $decodeThreads threads', async ({ name, ...way }) => {
    const run = await recordedRun(name, mixedBursts, way);
    expectSameBatches(name, run);
    if (name === 'optimal') expect(run.events.some(({ kind }) => kind === 'task-done')).toBe(true);
  });

  it.each([
    { name: 'greedy', decodeThreads: 0 },
    { name: 'optimal', decodeThreads: 2 },
  ] as const)('$name, with images that cost their worker', async ({ name, decodeThreads }) => {
    const run = await recordedRun(name, slowImages, { transport: 'shared-memory', decodeThreads });
    // Of three; some are given up or late before they run.
    expect(run.losses).toBeGreaterThan(0);
    expectSameBatches(name, run);
  });
});
