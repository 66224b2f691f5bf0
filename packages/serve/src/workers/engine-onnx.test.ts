import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicNowUs } from '@servelab/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onePixelGif as gif } from '../../../../test/fixtures/one-pixel-gif.js';
import { openModel } from '../model/model-store.js';
import { ENGINE_OPTIONS } from './engine.fixture.js';
import { createEngine } from './engine.js';
import type { MeasuredEngine } from './inference-engine.js';

let folder: string;
let engine: MeasuredEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-engine-'));
  const environment = { SERVELAB_CACHE_DIR: folder };
  const { graphPath, graphSha256 } = await openModel('mobilenet-v2', 'f32', {
    synthetic: 'always',
    environment,
  });
  engine = createEngine({
    ...ENGINE_OPTIONS,
    runtime: { kind: 'onnx', graphPath, graphSha256, inputSize: 224, classCount: 1000, intraOpThreads: 1 },
    workers: 1,
  });
  await engine.start();
});
afterAll(async () => {
  await engine.close(0);
  await rm(folder, { recursive: true });
});

const submit = (files: Buffer[]) => {
  const deadlineUs = monotonicNowUs() + 60_000_000;
  const submission = engine.submit(files.map((bytes) => ({ requestId: 'r', bytes, deadlineUs })));
  if (!submission.accepted) throw new Error(submission.code);
  return submission.outcomes;
};

it('a real graph answers each image alike alone and in a batch with others, one of them broken', async () => {
  const files = [gif(250, 10, 10), gif(10, 250, 10), gif(10, 10, 250)];
  const alone = [];
  for (const file of files) alone.push(...(await submit([file])));
  const [red, broken, green, blue] = await submit([
    ...files.slice(0, 1),
    Buffer.from('no image'),
    ...files.slice(1),
  ]);
  expect(broken).toEqual({ ok: false, code: 'invalid_image' });
  for (const [n, outcome] of [red, green, blue].entries()) {
    const single = alone[n];
    if (outcome?.ok !== true || single?.ok !== true) throw new Error(`image ${n} was refused`);
    expect(outcome.timing.batchSize).toBe(4);
    expect(outcome.top.map(({ classId }) => classId)).toEqual(single.top.map(({ classId }) => classId));
    for (const [rank, { confidence }] of outcome.top.entries()) {
      expect(confidence).toBeCloseTo(single.top[rank]?.confidence ?? Number.NaN, 4);
    }
  }
});
