// Mean latency of every batching policy in the simulator, on five cost curves at six loads, two kinds of arrivals
// and three numbers of workers: is `optimal` anywhere worse than the best of the others, and by how much? The
// policies are the objects that the server runs; arrivals and the scatter of service times are the same for all.
//
//   node bench/policies.mjs [--images 200000] [--seed 1] [--jobs 2] [--cells TEXT] [--out tmp/policies.json] [--write]
//                           [--learned-only]
//
// --cells runs only those whose name contains the text; --write puts the tables into docs/policies.md. --learned-only
// takes all other figures from the file of the last run: it is the same to the last digit, and three times as fast.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { allCells } from './policies/cells.mjs';
import { markdownTables, withTables } from './policies/tables.mjs';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    cells: { type: 'string', default: '' },
    out: { type: 'string', default: 'tmp/policies.json' },
    write: { type: 'boolean', default: false },
    'learned-only': { type: 'boolean', default: false },
  },
});
const cells = allCells().filter(({ name }) => name.includes(values.cells));
const [images, seed] = [Number(values.images), Number(values.seed)];
const known = values['learned-only'] ? await lastRun() : new Map();
const queue = [...cells];
const results = [];
const startMs = Date.now();

/** One thread takes cell after cell until none is left. */
function work() {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./policies/run-cell.mjs', import.meta.url));
    const next = () => {
      const cell = queue.shift();
      if (cell !== undefined) thread.postMessage({ cell, images, seed, known: known.get(cell.name) });
      else resolve(thread.terminate());
    };
    thread.on('error', reject);
    thread.on('message', (result) => {
      results.push(result);
      const leftMin = (((Date.now() - startMs) / results.length) * (cells.length - results.length)) / 60_000;
      const { given, learned, best } = result.verdict;
      console.log(
        `${String(results.length).padStart(3)}/${cells.length}  ${result.name.padEnd(34)} best other ${best.padEnd(13)}` +
          `given ${percent(given)}  learned ${percent(learned)}  ${leftMin.toFixed(1)} min left`,
      );
      next();
    });
    next();
  });
}

/** Results by the cell's name, of a run with as many images and the same seed. */
async function lastRun() {
  // A policy that cannot keep up has an infinite mean, which JSON has no word for.
  const revive = (key, value) => (key === 'meanUs' && value === null ? Number.POSITIVE_INFINITY : value);
  const last = JSON.parse(await readFile(values.out, 'utf8'), revive);
  if (last.images !== images || last.seed !== seed)
    throw new Error(`${values.out} is of another size or seed`);
  return new Map(last.results.map((result) => [result.name, result]));
}

const percent = (share) => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(2)} %`.padStart(9);

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
results.sort(
  (one, other) => cells.findIndex((c) => c.name === one.name) - cells.findIndex((c) => c.name === other.name),
);
const worst = (key) => results.reduce((most, one) => (one.verdict[key] > most.verdict[key] ? one : most));
for (const key of ['given', 'learned']) {
  const { name, verdict } = worst(key);
  console.log(
    `worst with ${key} costs and rates: ${percent(verdict[key])} in ${name} (against ${verdict.best})`,
  );
}
await mkdir(dirname(values.out), { recursive: true });
await writeFile(values.out, JSON.stringify({ images, seed, results }, null, 1));
if (values.write) {
  const page = fileURLToPath(new URL('../docs/policies.md', import.meta.url));
  await writeFile(page, withTables(await readFile(page, 'utf8'), markdownTables(results)));
  console.log(`wrote ${page}`);
}
