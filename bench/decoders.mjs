// libjpeg-turbo alone against libvips (sharp) for everything: milliseconds a JPEG until the model's 224x224
// pixels are there, in interleaved rounds. Both as the server runs them: one thread, no cache.
//
//   UV_THREADPOOL_SIZE=1 taskset -c 1 node bench/decoders.mjs [--rounds 10]
import { parseArgs } from 'node:util';
import { createDecoder } from '../packages/serve/dist/decode/decoder.js';
import { sharpDecoder } from '../packages/serve/dist/decode/sharp-decoder.js';
import { pairedRounds } from './paired-rounds.mjs';
import { sampleJpeg } from './sample-images.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
const SIZE = 224;
const target = new Uint8Array(SIZE * SIZE * 3);
const options = { maxPixels: 50e6, fastDecode: false };
const decoders = { sharp: sharpDecoder(options), served: createDecoder(options) };

const FILES = [
  ['224x224', 60, await sampleJpeg(224, 224)],
  ['224x224 progressive', 30, await sampleJpeg(224, 224, { progressive: true })],
  ['640x480', 20, await sampleJpeg(640, 480)],
  ['1280x720', 10, await sampleJpeg(1280, 720)],
  ['2000x1500', 4, await sampleJpeg(2000, 1500)],
  ['4032x3024', 2, await sampleJpeg(4032, 3024)],
];

console.log(
  `${'JPEG'.padEnd(22)}${'kB'.padStart(6)}${'sharp ms'.padStart(10)}${'served ms'.padStart(11)}   share of sharp's time`,
);
for (const [name, images, file] of FILES) {
  const timed = (decoder) => async () => {
    const startMs = performance.now();
    for (let n = 0; n < images; n++) await decoder.decode(file, SIZE, target);
    return (performance.now() - startMs) / images;
  };
  for (const decoder of Object.values(decoders)) await timed(decoder)();
  const { one, other, ratio, low, high } = await pairedRounds(
    Number(values.rounds),
    timed(decoders.sharp),
    timed(decoders.served),
  );
  const figures = [
    (file.length / 1000).toFixed(0).padStart(6),
    one.toFixed(2).padStart(10),
    other.toFixed(2).padStart(11),
  ];
  console.log(
    `${name.padEnd(22)}${figures.join('')}   ${ratio.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`,
  );
}
