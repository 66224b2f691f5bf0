// What the way of a request through the server costs: servelab beside two servers of a few lines (bench/rivals/) that
// do nothing but decode, infer and answer. Server on one core, client on the other; closed loops, one 224x224 JPEG of
// some 24 kB as multipart; rounds interleaved in turned order. Ratios are to the rival named in the heading.
//
//   node bench/hot-path.mjs [--rounds 4] [--seconds 4] [--warm-up 4] [--models none,int8,f32] [--levels 8,16,32]
//     [--base CHECKOUT]
//
// --base measures the servelab of another checkout, installed and built, in the same rounds.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { percentile, sortSamples } from '@servelab/core';
import { readRecords } from '@servelab/lab';
import { openModel } from '@servelab/serve';
import { driveClosed } from './drive-load.mjs';
import { processorTimeMs } from './processor-time.mjs';
import { pairedRatio } from './ratio.mjs';
import { sampleJpeg } from './sample-images.mjs';
import { modelFlags, NO_MODEL, ROOT, serveArguments, withServerProcess } from './served-model.mjs';
import { withFolder } from './with-folder.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '4' },
    'warm-up': { type: 'string', default: '4' },
    models: { type: 'string', default: 'none,int8,f32' },
    levels: { type: 'string', default: '8,16,32' },
    ways: { type: 'string', default: 'in-process,shared-memory,servelab,servelab-0' },
    base: { type: 'string' },
  },
});
const HERE = dirname(fileURLToPath(import.meta.url));

/** Arguments of Node and the environment of each contender. */
function commandOf(way, model, { graphPath, costPath }) {
  if (!way.startsWith('servelab')) {
    const environment = graphPath === undefined ? {} : { GRAPH: graphPath };
    return { args: [join(HERE, `rivals/${way}.mjs`)], environment };
  }
  const root = way === 'servelab-base' ? values.base : ROOT;
  const workers = way === 'servelab-0' ? '0' : '1';
  const flags = ['--policy', 'none', '--log-level', 'error', '--workers', workers];
  return { args: serveArguments(root, [...flags, ...modelFlags(model, costPath)]), environment: {} };
}

async function measure(way, model, place) {
  const { args, environment } = commandOf(way, model, place);
  return await withServerProcess(args, environment, async (url, pid) => {
    const images = [{ path: place.imagePath, expectedClass: null }];
    const results = [];
    const levels = values.levels.split(',').map(Number);
    const driveAt = (concurrency, durationS) =>
      driveClosed({ url, images, body: 'multipart', concurrency, durationS, folder: place.folder });
    // Until Node has compiled the code of a request to its best.
    await driveAt(Math.max(...levels), Number(values['warm-up']));
    for (const level of levels) {
      await driveAt(level, 1);
      const before = await processorTimeMs(pid);
      const load = await driveAt(level, Number(values.seconds));
      const after = await processorTimeMs(pid);
      if (load.counts.ok !== load.counts.scheduled) throw new Error(`${way}: ${JSON.stringify(load.counts)}`);
      const records = await readRecords(load.recordsPath);
      const times = sortSamples(records.map(({ sent, done }) => (done - sent) / 1000));
      results.push({
        rps: load.counts.ok / ((load.endedUs - load.startedUs) / 1e6),
        mainMs: (after.main - before.main) / load.counts.ok,
        workerMs: (after.worker - before.worker) / load.counts.ok,
        p50Ms: percentile(times, 0.5),
        p99Ms: percentile(times, 0.99),
      });
    }
    return results;
  });
}

const median = (numbers) => percentile(sortSamples(numbers), 0.5);
const ways = [...values.ways.split(','), ...(values.base === undefined ? [] : ['servelab-base'])];

await withFolder(async (folder) => {
  const [imagePath, costPath] = [join(folder, 'photograph.jpg'), join(folder, 'cost.json')];
  await writeFile(imagePath, await sampleJpeg(224, 224));
  await writeFile(costPath, JSON.stringify(NO_MODEL));
  for (const model of values.models.split(',')) {
    const graphPath =
      model === 'none'
        ? undefined
        : (await openModel('mobilenet-v2', model, { onProgress: () => {} })).graphPath;
    const place = { folder, imagePath, costPath, graphPath };
    const rounds = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const turned = [...ways.slice(round % ways.length), ...ways.slice(0, round % ways.length)];
      const measured = {};
      for (const way of turned) measured[way] = await measure(way, model, place);
      rounds.push(measured);
    }
    for (const [at, level] of values.levels.split(',').entries()) {
      console.log(`\n${model}, ${level} at a time (ratio to ${ways[0]} with its 95 % interval)\n`);
      console.log('| server | req/s | ratio | main, CPU ms | workers, CPU ms | p50 ms | p99/p50 |');
      console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
      for (const way of ways) {
        const own = rounds.map((measured) => measured[way][at]);
        const pairs = rounds.map((measured) => [measured[way][at].rps, measured[ways[0]][at].rps]);
        const { ratio, low, high } = pairedRatio(pairs);
        const of = (field) => median(own.map((one) => one[field]));
        const spread = median(own.map(({ p50Ms, p99Ms }) => p99Ms / p50Ms));
        console.log(
          `| ${way} | ${of('rps').toFixed(0)} | ${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] | ${of('mainMs').toFixed(2)} | ${of('workerMs').toFixed(2)} | ${of('p50Ms').toFixed(1)} | ${spread.toFixed(2)} |`,
        );
      }
    }
  }
});
