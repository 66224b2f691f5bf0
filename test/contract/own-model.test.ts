import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImagePrediction } from '@servelab/core';
import { createServer } from '@servelab/serve';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  COLOUR_SIZE,
  COLOURS,
  colourGraph,
  plainImage,
  writeColourModel,
} from '../fixtures/colour-classifier.js';
import { rawRequest } from '../fixtures/request-body.js';
import { runServelab } from '../fixtures/run-servelab.js';
import { ServelabProcess } from '../fixtures/served-process.js';

let folder: string;
let environment: Record<string, string>;
let server: ServelabProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-own-model-'));
  environment = { SERVELAB_CACHE_DIR: join(folder, 'cache') };
});
afterEach(async () => {
  await server?.kill();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const INPUT = {
  size: COLOUR_SIZE,
  layout: 'nchw',
  dtype: 'float32',
  mean: [0.5, 0.5, 0.5],
  std: [0.1, 0.1, 0.1],
};
const manifest = (change: object = {}, graph = colourGraph()) =>
  writeColourModel(folder, { input: INPUT, ...change }, graph);

async function serve(...args: string[]): Promise<string> {
  server = new ServelabProcess(['serve', '--port', '0', '--workers', '1', ...args], environment);
  return await server.listening();
}

async function predict(url: string, image: Buffer): Promise<ImagePrediction> {
  const answer = await fetch(`${url}/predict`, { method: 'POST', ...rawRequest(image, 'image/png') });
  expect(answer.status).toBe(200);
  return (await answer.json()) as ImagePrediction;
}

const json = async (url: string) => (await (await fetch(url)).json()) as Record<string, unknown>;

describe('a model of one’s own', () => {
  it('is added, served by its name, and answers the right classes', async () => {
    const added = await runServelab(['model', 'add', await manifest(), '--name', 'paint'], { environment });
    expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^paint +ready/) });
    const url = await serve('--model', 'paint');

    for (const [id, background] of ['#ff0000', '#00ff00', '#0000ff'].entries()) {
      const { predictions, top_prediction } = await predict(url, await plainImage(background));
      expect(top_prediction).toBe(COLOURS[id]);
      expect(predictions.map(({ class_id }) => class_id).sort()).toEqual([0, 1, 2]);
    }
    // Logits of a pixel of 153, 128, 102 are (x / 255 - 0.5) / 0.1: 1, 0.0196, -1.
    const { predictions } = await predict(url, await plainImage('#998066'));
    const exponentials = [Math.E, Math.exp((128 / 255 - 0.5) / 0.1), 1 / Math.E];
    const sum = exponentials.reduce((total, value) => total + value, 0);
    expect(predictions).toEqual(
      exponentials.map((value, class_id) => ({
        class_id,
        class_name: COLOURS[class_id],
        confidence: expect.closeTo(value / sum, 5),
      })),
    );
    expect(await json(`${url}/health`)).toMatchObject({
      status: 'ok',
      model: 'paint',
      precision: 'f32',
      model_sha256: createHash('sha256').update(colourGraph()).digest('hex'),
    });
    expect(JSON.stringify(await json(`${url}/openapi.json`))).not.toMatch(/\b999\b/);
  });

  it('is served by its manifest, cut and answered as that says', async () => {
    const url = await serve('--model', await manifest({ resize: 'center-crop', top_k: 1 }));
    // Green left and right of a blue square: only the square is looked at.
    const blue = await plainImage('#0000ff', 40, 40);
    const image = await sharp(blue).extend({ left: 80, right: 80, background: '#00ff00' }).png().toBuffer();
    const { predictions } = await predict(url, image);
    expect(predictions).toMatchObject([{ class_name: 'blue', confidence: expect.closeTo(1, 3) }]);
  });

  it('with a batch of one is served in batches all the same', async () => {
    const url = await serve('--model', await manifest({}, colourGraph({ batch: 1 })), '--policy', 'greedy');
    const backgrounds = ['#ff0000', '#0000ff', '#00ff00', '#ff0000', '#0000ff'];
    const answers = await Promise.all(
      backgrounds.map(async (background) => predict(url, await plainImage(background))),
    );
    expect(answers.map(({ top_prediction }) => top_prediction)).toEqual([
      'red',
      'blue',
      'green',
      'red',
      'blue',
    ]);
  });

  it('runs in a program of one’s own, too', async () => {
    const model = await manifest();
    const embedded = await createServer({ port: 0, workers: 1, logLevel: 'silent', model }, { environment });
    expect((await predict(embedded.url, await plainImage('#00ff00'))).top_prediction).toBe('green');
    await embedded.drain();
  });
});

describe('what cannot be served is refused in words, before anything starts', () => {
  it.each<[name: string, args: () => Promise<string[]>, code: number, message: string, fix: string]>([
    ['a name that no model has', async () => ['--model', 'paint'], 2, 'no model "paint"', 'or a manifest'],
    [
      'a manifest that is not there',
      async () => ['--model', './none.yaml'],
      3,
      'ENOENT',
      'docs/your-model.md',
    ],
    [
      'int8 of an f32 graph',
      async () => ['--model', await manifest(), '--precision', 'int8'],
      2,
      'no int8 form',
      '--precision',
    ],
    [
      'synthetic weights',
      async () => ['--model', await manifest(), '--synthetic-weights'],
      2,
      'no synthetic weights for colours',
      '--synthetic-weights',
    ],
    [
      'another graph than the manifest means',
      async () => ['--model', await manifest({}, colourGraph({ layout: 'nhwc' }))],
      2,
      'is float32 [N, 8, 8, 3], the manifest says float32 [N, 3, 8, 8]',
      'layout: nhwc',
    ],
  ])('%s', async (_name, args, code, message, fix) => {
    const finished = await runServelab(['serve', '--port', '0', ...(await args())], { environment });
    expect(finished.code).toBe(code);
    expect(finished.stderr).toMatch(/^error: /m);
    expect(finished.stderr).toContain(message);
    expect(/^fix: .*/m.exec(finished.stderr)?.[0]).toContain(fix);
    expect(finished.stderr).not.toMatch(/^\s+at /m);
  });
});
