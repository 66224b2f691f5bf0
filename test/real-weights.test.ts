import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@servelab/core';
import { type ModelRuntime, openModel, openRuntime, type Precision } from '@servelab/serve';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PHOTOGRAPHS_FOLDER, WEIGHTS_FOLDER } from './fixtures/data-sources.js';

const SIZE = 224;
const CLASSES = 1000;
const CROPS = 256;
const PHOTOGRAPHS: readonly [name: string, classes: readonly number[]][] = [
  ['parrot', [88]],
  ['hot_dog', [934]],
  ['pets', [195]],
  ['cat_720p', [285, 281]],
  ['kite_and_cold', [978]],
  ['owl', []],
];

describe.skipIf(WEIGHTS_FOLDER === null || PHOTOGRAPHS_FOLDER === null)(
  'the real weights on photographs (needs SERVELAB_MODEL_SOURCE and SERVELAB_IMAGE_SOURCE)',
  () => {
    const runtimes = {} as Record<Precision, ModelRuntime>;
    let cache: string;

    beforeAll(async () => {
      cache = await mkdtemp(join(tmpdir(), 'servelab-real-'));
      const environment = { SERVELAB_CACHE_DIR: cache, SERVELAB_MODEL_SOURCE: WEIGHTS_FOLDER ?? '' };
      for (const precision of ['f32', 'int8'] as const) {
        const { graphPath, graphSha256 } = await openModel('mobilenet-v2', precision, { environment });
        const spec = { inputSize: SIZE, classCount: CLASSES, intraOpThreads: 1 };
        runtimes[precision] = await openRuntime({ kind: 'onnx', graphPath, graphSha256, ...spec });
      }
    });
    afterAll(async () => {
      await Promise.all(Object.values(runtimes).map((runtime) => runtime.close()));
      await rm(cache, { recursive: true });
    });

    const top = async (precision: Precision, pixels: Uint8Array) => {
      const probabilities = await runtimes[precision].run(pixels, 1);
      const confidence = Math.max(...probabilities);
      return { classId: probabilities.indexOf(confidence), confidence };
    };

    it.each(PHOTOGRAPHS.filter(([, classes]) => classes.length > 0))(
      '%s is one of %j in f32 and int8',
      async (name, classes) => {
        const pixels = await stretched(sharp(photograph(name)));
        for (const precision of ['f32', 'int8'] as const) {
          expect(classes, precision).toContain((await top(precision, pixels)).classId);
        }
      },
    );

    it(`int8 agrees with f32 on ${CROPS} seeded crops`, async () => {
      const all = { agree: 0, count: 0 };
      const confident = { agree: 0, count: 0 };
      for (const pixels of await seededCrops()) {
        const [reference, quantised] = [await top('f32', pixels), await top('int8', pixels)];
        for (const tally of reference.confidence > 0.5 ? [all, confident] : [all]) {
          tally.count++;
          if (quantised.classId === reference.classId) tally.agree++;
        }
      }
      const share = ({ agree, count }: typeof all) =>
        `${agree} of ${count} (${((100 * agree) / count).toFixed(1)} %)`;
      console.log(
        `top-1 of int8 agrees with f32: ${share(all)}; where f32 is above 0.5: ${share(confident)}`,
      );
      expect(confident.count).toBeGreaterThan(CROPS / 2);
      expect(all.agree / all.count).toBeGreaterThanOrEqual(0.92);
      expect(confident.agree / confident.count).toBeGreaterThanOrEqual(0.99);
    });
  },
);

const photograph = (name: string) => join(PHOTOGRAPHS_FOLDER ?? '', `${name}.jpg`);

async function stretched(image: Sharp): Promise<Uint8Array> {
  const resize = { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false } as const;
  return await image.resize(SIZE, SIZE, resize).removeAlpha().raw().toBuffer();
}

/** Squares of half to all of a photograph's shorter side, in turn from each photograph. */
async function seededCrops(): Promise<Uint8Array[]> {
  const random = seededRandom(1, 'crops');
  const images = await Promise.all(
    PHOTOGRAPHS.map(async ([name]) => {
      const { data, info } = await sharp(photograph(name)).raw().toBuffer({ resolveWithObject: true });
      return { data, raw: { width: info.width, height: info.height, channels: info.channels } };
    }),
  );
  const inTurn = Array.from({ length: CROPS }, (_, crop) => images[crop % images.length]);
  const crops: Uint8Array[] = [];
  for (const { data, raw } of inTurn.filter((image) => image !== undefined)) {
    const side = Math.floor(Math.min(raw.width, raw.height) * (0.5 + random() / 2));
    const left = Math.floor(random() * (raw.width - side));
    const topEdge = Math.floor(random() * (raw.height - side));
    const square = { left, top: topEdge, width: side, height: side };
    crops.push(await stretched(sharp(data, { raw }).extract(square)));
  }
  return crops;
}
