import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, seededRandom } from '@servelab/core';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEIGHTS_FOLDER } from '../../../../test/fixtures/data-sources.js';
import { readClassifier, writeOnnx } from '../convert/convert-model.js';
import { operatorTypes } from '../convert/onnx/onnx-schema.js';
import { PRECISIONS, type Precision } from '../convert/precision.js';
import { tflite, tinyNetwork } from '../convert/tflite/tiny-network.fixture.js';
import { openModel } from '../model/model-store.js';
import type { OpenedModel } from '../model/opened-model.js';
import { sha256 } from '../model/sha256.js';
import { openRuntime } from './open-runtime.js';
import { sessionOptions } from './session-options.js';

const BYTES_AN_IMAGE = 224 * 224 * 3;

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'servelab-runtime-'));
});
afterAll(() => rm(cache, { recursive: true }));

const open = (precision: Precision, synthetic: 'always' | 'never') =>
  openModel('mobilenet-v2', precision, {
    environment: { SERVELAB_CACHE_DIR: cache, SERVELAB_MODEL_SOURCE: WEIGHTS_FOLDER ?? '' },
    synthetic,
  });
const specOf = ({ graphPath, graphSha256, manifest }: OpenedModel) => ({
  kind: 'onnx' as const,
  graphPath,
  graphSha256,
  inputSize: manifest.inputSize,
  classCount: manifest.classCount,
  intraOpThreads: 1,
});
const noise = (count: number) => {
  const random = seededRandom(1, 'noise');
  return Uint8Array.from({ length: count * BYTES_AN_IMAGE }, () => random() * 256);
};

describe.each(PRECISIONS)('the ONNX runtime with synthetic weights, %s', (precision) => {
  it('gives probabilities, alike in a batch and alone', async () => {
    const runtime = await openRuntime(specOf(await open(precision, 'always')));
    const pixels = noise(3);
    const together = await runtime.run(pixels, 3);
    expect(together).toHaveLength(3000);
    for (let image = 0; image < 3; image++) {
      const row = together.subarray(image * 1000, (image + 1) * 1000);
      expect(row.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 4);
      const pixelsAlone = pixels.slice(image * BYTES_AN_IMAGE, (image + 1) * BYTES_AN_IMAGE);
      const alone = await runtime.run(pixelsAlone, 1);
      expect(
        Math.max(...row.map((probability, index) => Math.abs(probability - (alone[index] ?? 1)))),
      ).toBeLessThan(1e-4);
    }
    await runtime.close();
  });
});

describe.each<[precision: Precision, digits: number]>([
  ['f32', 4],
  ['int8', 1],
])('a network small enough to work out by hand, %s', (precision, digits) => {
  it('gives a white image its probabilities', async () => {
    const graph = writeOnnx(readClassifier(tflite(tinyNetwork())), precision);
    const graphPath = join(cache, `tiny-${precision}.onnx`);
    await writeFile(graphPath, graph);
    const spec = { kind: 'onnx' as const, graphPath, graphSha256: sha256(graph), intraOpThreads: 1 };
    const runtime = await openRuntime({ ...spec, inputSize: 4, classCount: 2 });
    const probabilities = await runtime.run(new Uint8Array(4 * 4 * 3).fill(255), 1);

    // All of the stem is above 6, so 6. Each channel on its own: 6 x 1.5 and 6 x 1 + 10 steps of bias.
    const average = [6 + 6 * 1.5, 6 + 6 + (10 * 6 * 0.25) / 255] as const;
    const logits = [
      0.02 * (1 * average[0] + 2 * average[1] + 10 / 4),
      0.03 * (3 * average[0] + 4 * average[1] + 20 / 4),
    ] as const;
    const second = 1 / (1 + Math.exp(logits[0] - logits[1]));
    expect(probabilities[0]).toBeCloseTo(1 - second, digits);
    expect(probabilities[1]).toBeCloseTo(second, digits);
    await runtime.close();
  });
});

describe('the ONNX runtime', () => {
  it('refuses a graph that is not the one that was made', async () => {
    const spec = specOf(await open('int8', 'always'));
    await expect(openRuntime({ ...spec, graphSha256: '0'.repeat(64) })).rejects.toMatchObject({
      exitCode: EXIT.environment,
      message: expect.stringMatching(/changed/),
    });
  });

  it('says when the graph is not there', async () => {
    const spec = specOf(await open('int8', 'always'));
    await expect(openRuntime({ ...spec, graphPath: join(cache, 'none.onnx') })).rejects.toThrow(/ENOENT/);
  });

  it('says when a file is no graph', async () => {
    const graphPath = join(cache, 'text.onnx');
    await writeFile(graphPath, 'no graph');
    const spec = { ...specOf(await open('int8', 'always')), graphPath, graphSha256: sha256('no graph') };
    await expect(openRuntime(spec)).rejects.toMatchObject({
      exitCode: EXIT.environment,
      message: expect.stringMatching(/ONNX Runtime cannot load/),
    });
  });
});

/** What ONNX Runtime makes of a graph when it loads it. */
async function optimised({ graphPath }: OpenedModel): Promise<Map<string, number>> {
  const optimizedModelFilePath = join(cache, 'optimised.onnx');
  const session = await InferenceSession.create(graphPath, { ...sessionOptions(1), optimizedModelFilePath });
  await session.release();
  const counts = new Map<string, number>();
  for (const type of operatorTypes(await readFile(optimizedModelFilePath))) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

const FUSED = { QLinearConv: 53, QLinearAdd: 10, DequantizeLinear: 1 };

describe('the int8 graph is fused whole', () => {
  it('with synthetic weights', async () => {
    const counts = await optimised(await open('int8', 'always'));
    expect(Object.fromEntries(counts)).toMatchObject(FUSED);
    expect(counts.has('Conv')).toBe(false);
    expect(counts.has('QuantizeLinear')).toBe(false);
  });

  it.skipIf(WEIGHTS_FOLDER === null)(
    'with the real weights, to the same operators (needs SERVELAB_MODEL_SOURCE)',
    async () => {
      const counts = await optimised(await open('int8', 'never'));
      expect(Object.fromEntries(counts)).toMatchObject(FUSED);
      expect(counts).toEqual(await optimised(await open('int8', 'always')));
    },
  );
});
