// Time of an int8 batch as a share of the same batch in f32, and the cost curves of both, on this machine.
//
//   node bench/int8-share.mjs [--sizes 1,2,4,8] [--repeats 15] [--threads 1] [--json] [--synthetic-weights]
//
// One repeat times both precisions one after the other, in turns f32 first and int8 first, so that a machine
// that slows down meanwhile slows both; the interval is Student's t over the repeats' log ratios.
import { parseArgs } from 'node:util';
import '../scripts/data-sources.mjs';
import { seededRandom } from '@servelab/core';
import { openModel, openRuntime, PRECISIONS } from '@servelab/serve';
import { pairedRatio } from './ratio.mjs';

/** Long enough for the clock, short enough that one repeat of f32 and int8 meets the same machine. */
const IMAGES_A_SAMPLE = 16;
const WARM_UP_RUNS = 3;

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1,2,4,8' },
    repeats: { type: 'string', default: '15' },
    threads: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    'synthetic-weights': { type: 'boolean', default: false },
  },
});
const sizes = options.sizes.split(',').map(Number);
const repeats = Number(options.repeats);

const runtimes = {};
let manifest;
for (const precision of PRECISIONS) {
  const model = await openModel('mobilenet-v2', precision, {
    synthetic: options['synthetic-weights'] ? 'always' : 'fallback',
    onProgress: ({ kind, reason }) => kind === 'synthetic' && console.error(`synthetic weights: ${reason}`),
  });
  manifest = model.manifest;
  runtimes[precision] = await openRuntime({
    kind: 'onnx',
    graphPath: model.graphPath,
    graphSha256: model.graphSha256,
    inputSize: manifest.inputSize,
    classCount: manifest.classCount,
    intraOpThreads: Number(options.threads),
  });
}

const rows = [];
for (const size of sizes) rows.push(await measure(size));
await Promise.all(Object.values(runtimes).map((runtime) => runtime.close()));

if (options.json) {
  const curve = (precision) => Object.fromEntries(rows.map((row) => [row.size, row.ms[precision]]));
  const tables = PRECISIONS.map((precision) => ({
    name: `ort-${precision}-here`,
    occupies: 'cpu',
    batch_ms: curve(precision),
  }));
  console.log(JSON.stringify({ shares: rows, cost_tables: tables }, null, 2));
} else {
  console.log('| batch | f32 ms | int8 ms | int8 / f32 | 95 % interval |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const { size, ms, share } of rows) {
    const [low, high] = share.ci95 ?? [Number.NaN, Number.NaN];
    const cells = [size, ms.f32.toFixed(2), ms.int8.toFixed(2), share.value.toFixed(3)];
    console.log(`| ${cells.join(' | ')} | ${low.toFixed(3)} to ${high.toFixed(3)} |`);
  }
}

async function measure(size) {
  const random = seededRandom(1, 'pixels');
  const bytes = size * manifest.inputSize ** 2 * 3;
  const pixels = Uint8Array.from({ length: bytes }, () => random() * 256);
  for (const precision of PRECISIONS) {
    for (let run = 0; run < WARM_UP_RUNS; run++) await runtimes[precision].run(pixels, size);
  }

  const samples = { f32: [], int8: [] };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = repeat % 2 === 0 ? PRECISIONS : PRECISIONS.toReversed();
    for (const precision of order) samples[precision].push(await sample(runtimes[precision], pixels, size));
  }
  const { ratio, low, high } = pairedRatio(samples.int8.map((ms, repeat) => [ms, samples.f32[repeat]]));
  return {
    size,
    ms: { f32: median(samples.f32), int8: median(samples.int8) },
    share: { value: ratio, ci95: Number.isNaN(low) ? null : [low, high] },
  };
}

/** Milliseconds of one batch. */
async function sample(runtime, pixels, size) {
  const runs = Math.max(1, Math.round(IMAGES_A_SAMPLE / size));
  const startMs = performance.now();
  for (let run = 0; run < runs; run++) await runtime.run(pixels, size);
  return (performance.now() - startMs) / runs;
}

function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}
