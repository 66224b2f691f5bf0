// Makes the fixtures of the importers by the real tools, against a server that takes 25 ms, one request at a time for
// each of two places, refuses every tenth and answers every fifteenth without a class:
//
//   node scripts/record-load-tools.mjs        (Locust is installed; k6 must be on the PATH)
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import './data-sources.mjs';
import { k6, loadCorpus, locust, runTool } from '@servelab/lab';

const FOLDER = fileURLToPath(new URL('../packages/lab/src/imported/fixtures/', import.meta.url));
const SERVICE_MS = 25;
const PLACES = 2;
const RIGHT = JSON.stringify({ predictions: [{ class_id: 281, class_name: 'tabby', confidence: 0.9 }] });

const waiting = [];
let busy = 0;
let served = 0;
function next() {
  if (busy >= PLACES) return;
  const response = waiting.shift();
  if (response === undefined) return;
  busy++;
  setTimeout(() => {
    busy--;
    served++;
    response.writeHead(served % 10 === 0 ? 503 : 200, { 'content-type': 'application/json' });
    response.end(served % 15 === 0 ? '{"predictions": []}' : RIGHT);
    next();
  }, SERVICE_MS);
}
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().on('end', () => {
    waiting.push(response);
    next();
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const { signal } = new AbortController();
const environment = process.env;
const corpus = await loadCorpus({ mix: '224', seed: 1, environment });
const quiet = { environment, signal, showProgress: false, onEvent: () => {} };
const tools = [await locust({ ...quiet, processes: 1, ui: false }), await k6(environment, signal)];
const load = {
  ...{ stack: 'fixture', baseUrl: `http://127.0.0.1:${server.address().port}`, field: 'file' },
  ...{ users: 3, rateRps: null, warmupS: 1, measuredS: 2, imageFolder: corpus.folder },
};
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
for (const tool of tools) {
  await runTool(tool, { ...load, prefix: join(FOLDER, tool.name) }, { signal, attended: false });
}
// More than the two places can answer, for fewer users than would have to wait.
const crowded = { ...environment, MAX_USERS: '4' };
await runTool(
  await k6(crowded, signal),
  { ...load, users: null, rateRps: 120, prefix: join(FOLDER, 'k6-open') },
  { signal, attended: false },
);
for (const name of ['k6_points.ndjson', 'k6-open_points.ndjson']) {
  const path = join(FOLDER, name);
  await pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(`${path}.gz`));
  await rm(path);
}
server.close();
server.closeAllConnections();
