import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { K6_MISSING, K6_SCRIPT, LOCUST_FOLDER } from '../fixtures/load-tools.js';

const run = promisify(execFile);
const AUTHORIZATION = `Basic ${Buffer.from('me:se/cret').toString('base64')}`;

let folder: string;
let server: Server;
const asked: (readonly [path: string | undefined, authorization: string | undefined])[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-tool-target-'));
  await writeFile(join(folder, 'image.jpg'), IMAGES.jpeg);
  server = createServer((request, response) => {
    asked.push([request.url, request.headers.authorization]);
    request.resume().on('end', () => response.end('{"predictions": [{"class_id": 1}]}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

// locust#1216: a slash at the end of the base gave `//predict`, which no server knows.
it('k6 adds one slash to a base that ends in one, and sends what the environment says', async ({ skip }) => {
  if (K6_MISSING !== null) skip(K6_MISSING);
  const variables = [
    `BASE_URL=http://127.0.0.1:${(server.address() as AddressInfo).port}//`,
    'USERS=1',
    'DURATION=1',
  ];
  const words = [...variables, `IMAGES=${join(folder, 'image.jpg')}`].flatMap((variable) => ['-e', variable]);
  const env = { ...process.env, AUTHORIZATION };
  await run('k6', ['run', '--quiet', '--no-usage-report', ...words, K6_SCRIPT], { env, cwd: folder });
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked.map((one) => one.join()))).toEqual(new Set([`/predict,${AUTHORIZATION}`]));
});

it('Locust is given a base without one, and a header from the environment', async ({ skip }) => {
  const program =
    'import json, stack_requests as s\nprint(json.dumps([s.without_slash("http://x:1//"), s.authorization()]))';
  const env = { ...process.env, AUTHORIZATION, PYTHONPATH: LOCUST_FOLDER, PYTHONDONTWRITEBYTECODE: '1' };
  const ended = await run('python3', ['-c', program], { env }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return skip('there is no python3');
  });
  expect(JSON.parse(ended.stdout)).toEqual(['http://x:1', { Authorization: AUTHORIZATION }]);
});
