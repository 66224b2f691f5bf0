import { monotonicNowUs } from '@servelab/core';
import { afterEach, describe, expect, it } from 'vitest';
import { onePixelGif as gif } from '../../../../test/fixtures/one-pixel-gif.js';
import { ENGINE_OPTIONS } from './engine.fixture.js';
import { createEngine } from './engine.js';
import type { MeasuredEngine } from './inference-engine.js';

const POISON = gif(255, 0, 0);
const INPUT_SIZE = 32;
let engine: MeasuredEngine;
afterEach(() => engine.close(0));

async function start(decodeThreads: number, losses: string[] = []): Promise<void> {
  engine = createEngine({
    ...ENGINE_OPTIONS,
    runtime: {
      kind: 'simulated',
      inputSize: INPUT_SIZE,
      classCount: 10,
      costMs: [1, 1.5],
      occupies: 'device',
      poison: { rgb: [255, 0, 0], how: 'throw' },
    },
    workers: 0,
    decodeThreads,
    observer: { batchDone: () => {}, workerLost: (_worker, cause) => losses.push(cause) },
  });
  await engine.start();
}

async function codes(...files: readonly Uint8Array[]): Promise<string[]> {
  const deadlineUs = monotonicNowUs() + 30_000_000;
  const submission = engine.submit(files.map((bytes, n) => ({ requestId: `${n}`, bytes, deadlineUs })));
  if (!submission.accepted) return [submission.code];
  return (await submission.outcomes).map((outcome) => (outcome.ok ? 'ok' : outcome.code));
}

describe.each([0, 2])('decoding on %d threads', (decodeThreads) => {
  it('serves without a process of its own', async () => {
    await start(decodeThreads);
    expect(engine.workerPids()).toEqual([]);
    expect(engine.state()).toMatchObject({ workers: 1, readyWorkers: 1, transport: 'in-process' });
    expect(await codes(gif(1), Buffer.from('no image'), gif(2))).toEqual(['ok', 'invalid_image', 'ok']);
  });

  it('opens a model again that throws; the image at fault has failed, the others are answered', async () => {
    const losses: string[] = [];
    await start(decodeThreads, losses);
    expect(await codes(gif(1), POISON, gif(2))).toEqual(['ok', 'inference_failed', 'ok']);
    expect(new Set(losses)).toEqual(new Set(['failed in the model: the image is poisonous']));
    expect(await codes(gif(3))).toEqual(['ok']);
  });
});
