// Two ways to a worker process: send it the file and decode there, or decode in the main process and send the
// pixels (150 kB). One image in flight, as one worker has; CPU time of both processes an image, and of the
// main process alone, in interleaved rounds. Without a model, so that only the way is measured.
//
//   UV_THREADPOOL_SIZE=1 taskset -c 1 node bench/transport/ab.mjs [--rounds 10] [--images 300]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createDecoder } from '@servelab/serve/internal/decoder';
import { pairedRounds } from '../paired-rounds.mjs';
import { sampleJpeg } from '../sample-images.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, images: { type: 'string', default: '300' } },
});
const SIZE = 224;
const images = Number(values.images);
const file = await sampleJpeg(SIZE, SIZE);
const decoder = createDecoder({ maxPixels: 50e6, maxSide: 16_384, exactDecode: false });
const child = fork(new URL('./child.mjs', import.meta.url), { serialization: 'advanced' });
let childCpuUs = 0;
let mainUs = { file: 0, pixels: 0 };

async function send(message) {
  child.send(message);
  const [{ cpuUs }] = await once(child, 'message');
  childCpuUs = cpuUs;
}

const WAYS = {
  file: () => send({ file }),
  pixels: async () => {
    const pixels = new Uint8Array(SIZE * SIZE * 3);
    await decoder.decode(file, SIZE, pixels);
    await send({ pixels });
  },
};

const round = (way) => async () => {
  await WAYS[way](); // brings the child's CPU time up to date
  const before = { childUs: childCpuUs, main: process.cpuUsage() };
  for (let n = 0; n < images; n++) await WAYS[way]();
  const { user, system } = process.cpuUsage(before.main);
  mainUs[way] += (user + system) / images / Number(values.rounds);
  return (childCpuUs - before.childUs + user + system) / images;
};

await round('file')();
await round('pixels')();
mainUs = { file: 0, pixels: 0 };
const { one, other, ratio, low, high } = await pairedRounds(
  Number(values.rounds),
  round('file'),
  round('pixels'),
);
child.disconnect();
const show = (us) => `${(us / 1000).toFixed(3)} ms`;
console.log(
  `CPU time an image, ${(file.length / 1000).toFixed(0)} kB JPEG of ${SIZE}x${SIZE}, ${values.rounds} rounds of ${images}`,
);
console.log(`file to the worker, decoded there        both ${show(one)}, main process ${show(mainUs.file)}`);
console.log(
  `decoded in main, pixels to the worker    both ${show(other)}, main process ${show(mainUs.pixels)}`,
);
console.log(`pixels / file: ${ratio.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`);
