// From the start of `servelab serve` to its `ready` line, with the model in the cache; and the processor time of the
// server and its workers until then, which says more on a busy machine.
//
//   node bench/cold-start.mjs [--rounds 10] [--policies none,optimal] [--precision f32] [--base CHECKOUT]
//
// --base times the servelab of another checkout, installed and built, in the same rounds.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '../scripts/data-sources.mjs';
import { percentile, sortSamples } from '@servelab/core';
import { processorTimeMs } from './processor-time.mjs';
import { pairedRatio } from './ratio.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    policies: { type: 'string', default: 'none,optimal' },
    precision: { type: 'string', default: 'f32' },
    base: { type: 'string' },
  },
});
const HERE = fileURLToPath(new URL('..', import.meta.url));
const checkouts = { here: HERE, ...(values.base === undefined ? {} : { base: values.base }) };

/** One start: milliseconds of wall time, and of processor time. */
async function start(checkout, policy) {
  const flags = ['--port', '0', '--precision', values.precision, '--policy', policy];
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(checkout, 'packages/cli/dist/main.js'), 'serve', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    await untilReady(child, ended);
    const wall = performance.now() - startedMs;
    const { main, worker } = await processorTimeMs(child.pid);
    return { wall, processor: main + worker };
  } finally {
    child.kill();
    await ended;
  }
}

function untilReady(child, ended) {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (printed.includes('"msg":"ready"')) resolve();
    });
    ended.then((code) => reject(new Error(`serve ended with ${code}: ${printed}`)));
  });
}

const median = (list) => percentile(sortSamples(list), 0.5);

/** Medians of the checkouts, and the ratio of the pairs. */
function cells(starts, figure) {
  const lists = Object.keys(checkouts).map((name) => starts[name].map((one) => one[figure]));
  const medians = lists.map((list) => median(list).toFixed(0));
  if (lists.length === 1) return medians;
  const { ratio, low, high } = pairedRatio(lists[0].map((here, round) => [here, lists[1][round]]));
  return [...medians, `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`];
}

const policies = values.policies.split(',');
const found = new Map(policies.map((policy) => [policy, { here: [], base: [] }]));
for (let round = 0; round < Number(values.rounds); round++) {
  const order = round % 2 === 0 ? Object.entries(checkouts) : Object.entries(checkouts).toReversed();
  for (const policy of policies) {
    for (const [name, checkout] of order) found.get(policy)[name].push(await start(checkout, policy));
  }
}

const columns = Object.keys(checkouts).map((name) => (name === 'here' ? 'this' : name));
const heads = (what) => [
  ...columns.map((name) => `${what}, ${name}`),
  ...(columns.length === 1 ? [] : ['this / base (95 %)']),
];
const all = ['policy', ...heads('start to ready, ms'), ...heads('processor time, ms')];
console.log(`${values.precision}, medians of ${values.rounds} starts:\n`);
console.log(`| ${all.join(' | ')} |`);
console.log(`| --- |${' ---: |'.repeat(all.length - 1)}`);
for (const [policy, starts] of found) {
  console.log(`| ${[policy, ...cells(starts, 'wall'), ...cells(starts, 'processor')].join(' | ')} |`);
}
