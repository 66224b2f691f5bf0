// What scaling JPEG down while it is decoded changes: probabilities of MobileNetV2 (f32) beside those of --exact-decode,
// on seeded parts of photographs of 0.3 to 12 megapixels in many shapes, qualities and samplings. It fails beyond the
// stated tolerance: 0.02 for any class, and the same first class where it leads by more than that.
//
//   node bench/scaled-decoding.mjs [--images 500] [--seed 1]
//
// Photographs: those of SERVELAB_IMAGE_SOURCE, upright; their own sizes are smaller, so that large ones are enlarged parts.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import '../scripts/data-sources.mjs';
import { seededRandom } from '@servelab/core';
import { decodePicture } from '@servelab/lab/internal/encode-image';
import { openModel, openRuntime } from '@servelab/serve';
import { denominatorFor } from '@servelab/serve/internal/decode-scale';
import { createDecoder } from '@servelab/serve/internal/decoder';
import sharp from 'sharp';

const { values } = parseArgs({
  options: { images: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
});
const SIZE = 224;
const TOLERANCE = 0.02;
const SHAPES = [
  [4, 3],
  [3, 4],
  [16, 9],
  [9, 16],
  [3, 2],
  [2, 3],
  [1, 1],
];
const [LEAST_PIXELS, MOST_PIXELS] = [0.3e6, 12e6];
const FOLDER = process.env.SERVELAB_IMAGE_SOURCE;
if (!FOLDER) throw new Error('SERVELAB_IMAGE_SOURCE must name the folder of the photographs');

const limits = { maxPixels: 50e6, maxSide: 16_384 };
const scaled = createDecoder({ ...limits, exactDecode: false });
const exact = createDecoder({ ...limits, exactDecode: true });
const { graphPath, graphSha256, manifest } = await openModel('mobilenet-v2', 'f32', {
  environment: process.env,
});
const { inputSize, classCount } = manifest;
const runtime = await openRuntime({
  kind: 'onnx',
  graphPath,
  graphSha256,
  inputSize,
  classCount,
  intraOpThreads: 1,
});

const random = seededRandom(Number(values.seed), 'photographs of any size');
const between = (low, high) => low + (high - low) * random();
const oneOf = (list) => list[Math.floor(random() * list.length)];

const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.jpg')).sort();
const sources = await Promise.all(names.map((name) => decodePicture(join(FOLDER, name))));

const found = new Map([1, 2, 4, 8].map((denominator) => [denominator, []]));
for (let n = 0; n < Number(values.images); n++) {
  const { file, size } = await photograph(sources[n % sources.length]);
  const [a, b] = [await probabilities(exact, file), await probabilities(scaled, file)];
  const [first, second] = [...a].sort((x, y) => y - x);
  found.get(denominatorFor(size, { width: SIZE, height: SIZE })).push({
    difference: Math.max(...a.map((p, index) => Math.abs(p - b[index]))),
    isOther: first - second > TOLERANCE && b.indexOf(Math.max(...b)) !== a.indexOf(first),
  });
}

console.log('| decoded to | photographs | largest difference | above 0.02 | another first class |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const [denominator, all] of found) {
  const differences = all.map(({ difference }) => difference);
  const cells = [
    all.length,
    Math.max(0, ...differences).toFixed(4),
    differences.filter((d) => d > TOLERANCE).length,
  ];
  console.log(
    `| 1/${denominator} | ${[...cells, all.filter(({ isOther }) => isOther).length].join(' | ')} |`,
  );
}
const isBroken = [...found.values()]
  .flat()
  .some(({ difference, isOther }) => difference > TOLERANCE || isOther);
process.exitCode = isBroken ? 1 : 0;

/** A part of a picture at a size of its own, as JPEG. */
async function photograph({ pixels: source, width, height }) {
  const [across, down] = oneOf(SHAPES);
  const pixels = LEAST_PIXELS * (MOST_PIXELS / LEAST_PIXELS) ** random();
  const side = Math.sqrt(pixels / (across * down));
  const size = { width: Math.round(across * side), height: Math.round(down * side) };
  const scale = Math.min(width / size.width, height / size.height) * between(0.6, 1);
  const part = { width: Math.floor(size.width * scale), height: Math.floor(size.height * scale) };
  const left = Math.floor(random() * (width - part.width + 1));
  const top = Math.floor(random() * (height - part.height + 1));
  const chromaSubsampling = random() < 0.8 ? '4:2:0' : '4:4:4';
  const file = await sharp(source, { raw: { width, height, channels: 3 } })
    .extract({ left, top, ...part })
    .resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' })
    .jpeg({ quality: Math.round(between(75, 95)), chromaSubsampling, progressive: random() < 0.2 })
    .toBuffer();
  return { file, size };
}

async function probabilities(decoder, file) {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  const result = await decoder.decode(file, SIZE, pixels);
  if (!result.ok) throw new Error(result.code);
  return Float32Array.from(await runtime.run(pixels, 1));
}
