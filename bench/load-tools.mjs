// Do Locust, k6 and `servelab load` say the same of one server? The same closed loop, images and checks by each, on the
// client's core, the server on the other; every round a fresh server, warmed up, and the tools in turned order. The
// same against a server whose model takes exactly 20 ms, for which the machine's noise is no excuse; and against one that
// answers at once, which shows what each can send at most.
//
//   node bench/load-tools.mjs [--rounds 5] [--seconds 8] [--users 8] [--stacks servelab,fastapi/tuned,simulated,null]
//                             [--tools servelab,locust,k6]
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pairedDifference } from '@servelab/core';
import {
  buildStack,
  findCores,
  findEnvironment,
  k6,
  loadCorpus,
  locust,
  moveToClientCores,
  PHOTOGRAPHS,
  parseStackName,
  readLoads,
  runDriver,
  runTool,
} from '@servelab/lab';
import { openModel } from '@servelab/serve';
import { withNullServer, withServedModel } from './served-model.mjs';
import { withFolder } from './with-folder.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    users: { type: 'string', default: '8' },
    stacks: { type: 'string', default: 'servelab,fastapi/tuned,simulated,null' },
    tools: { type: 'string', default: 'servelab,locust,k6' },
  },
});
const WARMUP_S = 2;
/** A fresh server goes on becoming faster for some seconds, which would count for whoever comes later. */
const SERVER_WARMUP_S = 10;
const [rounds, seconds, users] = [values.rounds, values.seconds, values.users].map(Number);
const tools = values.tools.split(',');
const environment = process.env;
const { signal } = new AbortController();

const corpus = await loadCorpus({ mix: '224', seed: 1, environment });
const cores = await findCores();
await moveToClientCores(cores);
const known = {
  locust: await locust({
    ...{ environment, signal, showProgress: true, processes: 1, ui: false },
    onEvent: () => {},
  }),
  k6: await k6(environment, signal),
};

/** Throughput, and how busy the client was. */
async function measure(tool, { baseUrl, field, folder, stack }, measuredS = seconds) {
  if (tool === 'servelab') {
    const result = await runDriver(
      {
        url: `${baseUrl}/predict`,
        adapter: { body: 'multipart', field },
        images: corpus.images.map(({ path }) => ({ path, expectedClass: null })),
        load: { mode: 'closed', concurrency: users },
        warmupUs: WARMUP_S * 1e6,
        durationUs: measuredS * 1e6,
        timeoutUs: 60e6,
        graceUs: 5e6,
        seed: 1,
        checkShare: 0,
        recordsPath: join(folder, 'records.ndjson'),
      },
      { cpus: cores.client?.join(',') },
    );
    const { counts, utilisation } = result;
    return { rps: counts.ok / measuredS, busy: utilisation, failed: counts.scheduled - counts.ok };
  }
  const load = {
    ...{ stack, baseUrl, field, users, rateRps: null, warmupS: WARMUP_S, measuredS },
    imageFolder: corpus.folder,
    prefix: join(folder, `${tool}_run`),
  };
  const { files } = await runTool(known[tool], load, { signal, attended: false });
  const [told] = await readLoads(files, { users: null, rateRps: null });
  const { client, throughputRps, counts } = told;
  return { rps: throughputRps, busy: client.busy / client.cores, failed: counts.scheduled - counts.ok };
}

const SIMULATED_MS = 20;

async function withStack(name, use) {
  if (name === 'simulated') {
    await withFolder(async (folder) => {
      const cost = join(folder, 'cost.json');
      await writeFile(
        cost,
        JSON.stringify({ name: 'simulated', occupies: 'device', batch_ms: { 1: SIMULATED_MS } }),
      );
      const flags = ['--runtime', 'simulated', '--cost', cost, '--policy', 'none', '--workers', '1'];
      await withServedModel(flags, (baseUrl) => use({ stack: name, baseUrl, field: 'file', folder }));
    });
    return;
  }
  if (name === 'null') {
    await withNullServer((baseUrl) =>
      withFolder((folder) => use({ stack: name, baseUrl, field: 'file', folder })),
    );
    return;
  }
  const parsed = parseStackName(name);
  const { graphPath, labelsPath } = await openModel('mobilenet-v2', 'f32');
  const installed = parsed.kind === 'peer' ? await findEnvironment(parsed.peer.name, environment) : null;
  const stack = buildStack(parsed, PHOTOGRAPHS, {
    serveCommand: [process.execPath, 'packages/cli/dist/main.js', 'serve'],
    serveFlags: [],
    body: 'multipart',
    imagePath: corpus.images[0].path,
    peers:
      installed === null
        ? null
        : {
            environments: { [parsed.peer.name]: installed.folder },
            graphPaths: { f32: graphPath },
            labelsPath,
          },
  });
  const running = await stack.start(cores.server ?? null, signal);
  try {
    await withFolder((folder) =>
      use({ stack: name, baseUrl: running.url, field: stack.adapter.field ?? 'file', folder }),
    );
  } finally {
    await running.stop();
  }
}

const found = [];
for (let round = 0; round < rounds; round++) {
  for (const stack of values.stacks.split(',')) {
    await withStack(stack, async (target) => {
      await measure('servelab', target, SERVER_WARMUP_S);
      for (let turn = 0; turn < tools.length; turn++) {
        const tool = tools[(turn + round) % tools.length];
        const result = await measure(tool, target);
        found.push({ round, stack, tool, ...result });
        const { rps, busy, failed } = result;
        console.log(
          `${stack.padEnd(14)} ${tool.padEnd(9)} ${rps.toFixed(1).padStart(7)} ok/s, client busy ${(100 * busy).toFixed(0)} %, ${failed} failed`,
        );
      }
    });
  }
}

console.log(
  '\n| stack | tool | ok/s | client busy | against servelab load (95 %) |\n| --- | --- | ---: | ---: | ---: |',
);
for (const stack of values.stacks.split(',')) {
  const of = (tool) => found.filter((one) => one.stack === stack && one.tool === tool);
  const average = (rows, pick) => rows.reduce((sum, row) => sum + pick(row), 0) / rows.length;
  for (const tool of tools) {
    const rows = of(tool);
    const pairs = rows.map(({ rps }, at) => [rps, of('servelab')[at]?.rps ?? null]);
    const { value, ci95 } = pairedDifference(pairs).differencePct;
    const sign = (pct) => `${pct >= 0 ? '+' : ''}${pct.toFixed(1)} %`;
    const against =
      tool === 'servelab' || value === null
        ? ''
        : `${sign(value)}${ci95 === null ? '' : ` (${ci95.map(sign).join(' to ')})`}`;
    const [rps, busy] = [average(rows, (row) => row.rps), average(rows, (row) => row.busy)];
    console.log(`| ${stack} | ${tool} | ${rps.toFixed(1)} | ${(100 * busy).toFixed(0)} % | ${against} |`);
  }
}
