// What `--decode-threads` gives beside a model. `gpu` is simulated: batches cost what they do on a GPU and take no time of a
// core, so that the next one is decoded meanwhile. int8 and f32 are real, on the same cores. Server and client share both
// cores; closed loop, one JPEG as multipart; rounds interleaved in turned order. Ratios are to the first of the ways.
//
//   node bench/decode-threads.mjs [--model gpu|int8|f32] [--rounds 4] [--seconds 5] [--threads 0,1,2]
//     [--sizes 224x224,1280x720] [--concurrency 128] [--base CHECKOUT]
//
// --base measures the servelab of another checkout, installed and built, in the same rounds; it comes first.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { percentile, sortSamples } from '@servelab/core';
import { BOTH_CPUS } from './cores.mjs';
import { driveClosed } from './drive-load.mjs';
import { processorTimeMs } from './processor-time.mjs';
import { pairedRatio } from './ratio.mjs';
import { sampleJpeg } from './sample-images.mjs';
import { modelFlags, ROOT, serveArguments, withServerProcess } from './served-model.mjs';
import { withFolder } from './with-folder.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'gpu' },
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '0,1,2' },
    sizes: { type: 'string', default: '224x224,1280x720' },
    concurrency: { type: 'string', default: '128' },
    base: { type: 'string' },
  },
});
const BATCH = 32;
/** 1.2 ms and 0.045 ms an image: MobileNetV2 in f32 on a GPU of a data center. */
const GPU = {
  name: 'GPU-like',
  occupies: 'device',
  batch_ms: { 1: 1.2 + 0.045, [BATCH]: 1.2 + 0.045 * BATCH },
};

const threads = values.threads.split(',').map((count) => ({ name: `${count} threads`, root: ROOT, count }));
const ways = [...(values.base === undefined ? [] : [{ name: 'base', root: values.base }]), ...threads];

async function measure({ root, count }, { folder, imagePath, costPath }) {
  const flags = [
    '--policy',
    'greedy',
    '--max-batch-size',
    `${BATCH}`,
    '--workers',
    '1',
    '--log-level',
    'error',
    ...modelFlags(values.model, costPath),
    ...(count === undefined ? [] : ['--decode-threads', count]),
  ];
  const use = async (url, pid) => {
    const images = [{ path: imagePath, expectedClass: null }];
    const concurrency = Number(values.concurrency);
    const drive = (durationS) =>
      driveClosed({ url, images, body: 'multipart', concurrency, durationS, folder, cpus: BOTH_CPUS });
    await drive(2);
    const before = await processorTimeMs(pid);
    const load = await drive(Number(values.seconds));
    const after = await processorTimeMs(pid);
    const { ok, scheduled } = load.counts;
    if (ok !== scheduled) throw new Error(JSON.stringify(load.counts));
    return {
      rps: ok / ((load.endedUs - load.startedUs) / 1e6),
      mainMs: (after.main - before.main) / ok,
      workerMs: (after.worker - before.worker) / ok,
    };
  };
  return await withServerProcess(serveArguments(root, flags), {}, use, BOTH_CPUS);
}

const median = (numbers) => percentile(sortSamples(numbers), 0.5);

await withFolder(async (folder) => {
  const costPath = join(folder, 'cost.json');
  await writeFile(costPath, JSON.stringify(GPU));
  for (const size of values.sizes.split(',')) {
    const imagePath = join(folder, `${size}.jpg`);
    await writeFile(imagePath, await sampleJpeg(...size.split('x').map(Number)));
    const rounds = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const turned = [...ways.slice(round % ways.length), ...ways.slice(0, round % ways.length)];
      const measured = {};
      for (const way of turned) measured[way.name] = await measure(way, { folder, imagePath, costPath });
      rounds.push(measured);
    }
    const [first] = ways;
    console.log(`\n${size} (ratio to ${first.name} with its 95 % interval)\n`);
    console.log('| decoding | req/s | ratio | main, CPU ms | worker, CPU ms |');
    console.log('| --- | ---: | ---: | ---: | ---: |');
    for (const { name } of ways) {
      const of = (field) => median(rounds.map((measured) => measured[name][field]));
      const pairs = rounds.map((measured) => [measured[name].rps, measured[first.name].rps]);
      const { ratio, low, high } = pairedRatio(pairs);
      const interval = `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
      console.log(
        `| ${name} | ${of('rps').toFixed(0)} | ${interval} | ${of('mainMs').toFixed(2)} | ${of('workerMs').toFixed(2)} |`,
      );
    }
  }
});
