// Requests/s of `servelab serve` on one core, client on another, and where each millisecond of a request
// goes: CPU of the main process and of the worker, decoding and inference as the worker times them, and what
// is left. Rounds are interleaved: every combination once a round, in turned order.
//
//   node bench/server-throughput.mjs [--rounds 3] [--seconds 4] [--policy none] [--precisions f32,int8] [--levels 8,32]
import { parseArgs } from 'node:util';
import { statOverRepeats } from '@servelab/core';
import { loadCorpus } from '@servelab/lab';
import { driveClosed } from './drive-load.mjs';
import { processorTimeMs } from './processor-time.mjs';
import { withServedModel } from './served-model.mjs';
import { withFolder } from './with-folder.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    policy: { type: 'string', default: 'none' },
    precisions: { type: 'string', default: 'f32,int8' },
    levels: { type: 'string', default: '8,32' },
    body: { type: 'string', default: 'multipart' },
  },
});
const levels = values.levels.split(',').map(Number);

/** Cumulative: CPU ms of main process and workers, and sums of the server's own stage timers in ms. */
async function readings(url, pid) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const sumMs = (stage) =>
    1000 * Number(new RegExp(`^servelab_${stage}_seconds_sum(?:{.*})? (\\S+)`, 'm').exec(metrics)?.[1] ?? 0);
  return { ...(await processorTimeMs(pid)), decode: sumMs('decode'), infer: sumMs('infer') };
}

async function measure(precision, images, folder) {
  return await withServedModel(['--precision', precision, '--policy', values.policy], async (url, pid) => {
    const drive = (concurrency, durationS) =>
      driveClosed({ url, images, body: values.body, concurrency, durationS, folder });
    const results = [];
    for (const concurrency of levels) {
      await drive(concurrency, 1); // warm, outside the readings
      const before = await readings(url, pid);
      const { counts, startedUs, endedUs } = await drive(concurrency, Number(values.seconds));
      const after = await readings(url, pid);
      const perRequest = (key) => (after[key] - before[key]) / counts.ok;
      results.push({
        concurrency,
        rps: (counts.ok / (endedUs - startedUs)) * 1e6,
        notOk: counts.scheduled - counts.ok,
        ...Object.fromEntries(Object.keys(before).map((key) => [key, perRequest(key)])),
      });
    }
    return results;
  });
}

const show = (list, digits) => {
  const { value, ci95 } = statOverRepeats(list);
  return `${value.toFixed(digits)}${ci95 ? ` (${ci95.map((x) => x.toFixed(digits)).join(' to ')})` : ''}`;
};

await withFolder(async (folder) => {
  const corpus = await loadCorpus({ mix: '224', seed: 1, environment: process.env });
  const images = corpus.images.map(({ path }) => ({ path, expectedClass: null }));
  const found = new Map();
  const precisions = values.precisions.split(',');
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const precision of round % 2 === 0 ? precisions : precisions.toReversed()) {
      for (const result of await measure(precision, images, folder)) {
        const key = `${precision} | ${result.concurrency}`;
        found.set(key, [...(found.get(key) ?? []), result]);
        if (result.notOk > 0) console.log(`${key}: ${result.notOk} requests were not answered`);
      }
    }
  }
  console.log(
    `policy ${values.policy}, ${values.body} body, ${values.rounds} rounds of ${values.seconds} s; ms a request:\n`,
  );
  console.log(
    '| precision | concurrency | requests/s (95 %) | core time | main CPU | worker CPU | of that decode | of that inference | worker rest | idle and kernel |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const [key, list] of [...found].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
    const mean = (pick) => list.reduce((sum, result) => sum + pick(result), 0) / list.length;
    const cells = [
      mean(({ rps }) => 1000 / rps),
      mean(({ main }) => main),
      mean(({ worker }) => worker),
      mean(({ decode }) => decode),
      mean(({ infer }) => infer),
      mean(({ worker, decode, infer }) => worker - decode - infer),
      mean(({ rps, main, worker }) => 1000 / rps - main - worker),
    ];
    console.log(
      `| ${key} | ${show(
        list.map(({ rps }) => rps),
        1,
      )} | ${cells.map((ms) => ms.toFixed(2)).join(' | ')} |`,
    );
  }
});
