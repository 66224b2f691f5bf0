// What the server decodes JPEG with, as it does by default and with --exact-decode, beside what a program of Node would
// write with sharp: milliseconds a file until the model's 224x224 pixels are there, in interleaved rounds. As the server
// runs them: one thread, no cache.
//
//   UV_THREADPOOL_SIZE=1 taskset -c 1 node bench/decoders.mjs [--rounds 10]
import { parseArgs } from 'node:util';
import { createDecoder } from '@servelab/serve/internal/decoder';
import sharp from 'sharp';
import { pairedRounds } from './paired-rounds.mjs';
import { sampleJpeg } from './sample-images.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
const SIZE = 224;
const target = new Uint8Array(SIZE * SIZE * 3);
const limits = { maxPixels: 50e6, maxSide: 16_384 };
const ways = {
  default: createDecoder({ ...limits, exactDecode: false }),
  exact: createDecoder({ ...limits, exactDecode: true }),
};
const usual = {
  decode: (file) =>
    sharp(file).resize(SIZE, SIZE, { fit: 'fill', kernel: 'cubic' }).removeAlpha().raw().toBuffer(),
};

const FILES = [
  ['224x224', 60, await sampleJpeg(224, 224)],
  ['224x224 progressive', 30, await sampleJpeg(224, 224, { progressive: true })],
  ['640x480', 20, await sampleJpeg(640, 480)],
  ['1280x720', 10, await sampleJpeg(1280, 720)],
  ['1920x1080', 6, await sampleJpeg(1920, 1080)],
  ['2000x1500', 4, await sampleJpeg(2000, 1500)],
  ['4032x3024', 2, await sampleJpeg(4032, 3024)],
];

console.log(`${'JPEG'.padEnd(22)}${'kB'.padStart(6)}  way       sharp ms  its ms  share of sharp's time`);
for (const [name, images, file] of FILES) {
  const timed = (decoder) => async () => {
    const startMs = performance.now();
    for (let n = 0; n < images; n++) await decoder.decode(file, SIZE, target);
    return (performance.now() - startMs) / images;
  };
  for (const [way, decoder] of Object.entries(ways)) {
    for (const warmUp of [usual, decoder]) await timed(warmUp)();
    const { one, other, ratio, low, high } = await pairedRounds(
      Number(values.rounds),
      timed(usual),
      timed(decoder),
    );
    const figures = `${one.toFixed(2).padStart(10)}${other.toFixed(2).padStart(8)}`;
    const share = `${ratio.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
    console.log(
      `${name.padEnd(22)}${(file.length / 1000).toFixed(0).padStart(6)}  ${way.padEnd(8)}${figures}  ${share}`,
    );
  }
}
