import { type BatchRecord, monotonicNowUs, seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { onePixelGif as gif } from '../../../../test/fixtures/one-pixel-gif.js';
import { createPolicy, POLICY_NAMES } from '../schedule/policies/index.js';
import { POLICY_OPTIONS } from '../schedule/policies/policy-options.fixture.js';
import { Scheduler, type StartedBatch } from '../schedule/scheduler.js';
import { callScheduler, type SchedulerCall } from '../schedule/scheduler-call.js';
import { createEngine } from './engine.js';

const options = { ...POLICY_OPTIONS, workers: 2 };
const limits = { maxBatchSize: options.maxBatchSize, queueLimit: 64 };

/** Bursts, gaps, requests of several images, some given up, on two real workers: about 150 images. */
async function recordedRun(name: (typeof POLICY_NAMES)[number]) {
  const calls: SchedulerCall[] = [];
  const batches: BatchRecord[] = [];
  const engine = createEngine({
    ...limits,
    runtime: {
      kind: 'simulated',
      inputSize: 8,
      classCount: 10,
      costMs: [3, 3.5, 4, 4.5],
      occupies: 'device',
    },
    policy: createPolicy(name, options),
    workers: options.workers,
    maxWaitMs: options.maxWaitMs,
    workerTimeoutMs: 30_000,
    maxImagePixels: 1000,
    maxImageSide: 16_384,
    decodeTimeoutMs: 10_000,
    fastDecode: false,
    observer: {
      schedulerCalled: (call) => calls.push(structuredClone(call)),
      batchDone: (record) => batches.push(record),
      workerLost: () => {},
    },
  });
  await engine.start();
  const random = seededRandom(1, name);
  const outcomes: Promise<unknown>[] = [];
  for (let n = 0; n < 60; n++) {
    const deadlineUs = monotonicNowUs() + (random() < 0.2 ? 9000 : 30_000_000);
    const images = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
      requestId: `${n}`,
      bytes: gif(n),
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
  return { calls, batches };
}

describe('what happened to the server, replayed in the simulator, gives the same batches', () => {
  it.each(POLICY_NAMES)('%s', async (name) => {
    const { calls, batches } = await recordedRun(name);
    const scheduler = new Scheduler({
      ...limits,
      policy: createPolicy(name, options),
      maxWaitUs: options.maxWaitMs * 1000,
    });
    const replayed: StartedBatch[] = calls.flatMap((call) => callScheduler(scheduler, call)?.started ?? []);
    expect(batches.length).toBeGreaterThan(10);
    const key = (batch: { id: number; worker: number; size: number; reason: string }) =>
      [batch.id, batch.worker, batch.size, batch.reason].join(' | ');
    const ran = replayed.map(({ id, worker, ids, reason }) => key({ id, worker, size: ids.length, reason }));
    // The journal is in order of completion, and the last batches may have been ended with their workers.
    expect(ran).toEqual(expect.arrayContaining(batches.map(key)));
    expect(ran.length - batches.length).toBeLessThanOrEqual(options.workers);
    if (name === 'optimal') expect(calls.some(({ call }) => call === 'planned')).toBe(true);
  });
});
