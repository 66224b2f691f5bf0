import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pointSchema } from '@servelab/core/report-schema';
import { readRecords } from '@servelab/lab';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { runServelab } from '../fixtures/run-servelab.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

const BRIEF = ['--concurrency', '2', '--warmup', '0', '--duration', '300ms'];

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let folder: string;
let server: Server | undefined;
/** The requests that the server of the test has had. */
let asked: Asked[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-any-endpoint-'));
  await writeFile(join(folder, 'image.png'), IMAGES.png);
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  asked = [];
});
afterAll(() => rm(folder, { recursive: true }));

/** A server that answers each request as told. @returns where it listens */
async function serve(answer: (request: Asked) => { status?: number; json: unknown }): Promise<string> {
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const one = { method, url, headers, body: await buffer(request) };
    asked.push(one);
    const { status = 200, json } = answer(one);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const load = (...args: readonly string[]) =>
  runServelab(['load', ...args, '--image', join(folder, 'image.png')], { cwd: folder });

const pointOf = ({ stdout, stderr }: { stdout: string; stderr: string }) => {
  if (stdout === '') throw new Error(stderr);
  return pointSchema.parse(JSON.parse(stdout));
};

describe('an endpoint with JSON of its own', () => {
  const template = '{"instances": [{"name": "{{image_name}}", "b64": "{{image_base64}}"}]}';
  const classifier = () =>
    serve(({ headers, body }) => {
      if (headers.authorization !== 'Bearer a, b') return { status: 401, json: {} };
      const [instance] = JSON.parse(body.toString()).instances;
      const right = Buffer.from(instance.b64, 'base64').equals(IMAGES.png) && instance.name === 'image.png';
      return { json: { predictions: [{ class: right ? 'cat' : 'noise', score: 0.5 }] } };
    });
  const flags = ['--header', 'Authorization: Bearer a, b', '--body-template', template, ...BRIEF];

  it('gets the filled template and the headers, and is right where the path says so', async () => {
    const url = await classifier();
    const check = ['--expect-path', '$.predictions[0].class', '--expect', 'cat'];
    const { counts, checked } = pointOf(await load(url, ...flags, ...check, '--json'));
    expect(counts.ok).toBeGreaterThan(0);
    expect(counts.ok).toBe(counts.scheduled);
    expect(checked).toBe(counts.scheduled);
    expect(asked[0]?.headers['content-type']).toBe('application/json');
  });

  it('is wrong where it answers something else, and the table says what', async () => {
    const url = await classifier();
    const { code, stdout } = await load(
      url,
      ...flags,
      '--expect-path',
      '$.predictions[0].score',
      '--expect',
      '1',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^requests +scheduled (\d+), ok 0, wrong \1$/m);
    expect(stdout).toMatch(/^error +\d+ x "1" expected at \$\.predictions\[0\]\.score, not 0\.5$/m);
  });

  it('is not asked when the path is none', async () => {
    const url = await classifier();
    const { code, stdout, stderr } = await load(url, ...flags, '--expect-path', '$.predictions[');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('"$.predictions[" is not a valid JSONPath');
    expect(asked).toEqual([]);
  });
});

it('puts the bytes of an image at an address that names it', async () => {
  const url = await serve(() => ({ status: 201, json: {} }));
  const type = ['--header', 'Content-Type: application/octet-stream'];
  const where = `${url}/images/{{image_name}}?n={{index}}`;
  const { counts } = pointOf(
    await load(where, '--method', 'PUT', '--body', 'raw', ...type, ...BRIEF, '--json'),
  );
  expect(counts.ok).toBe(counts.scheduled);
  expect(asked.length).toBe(counts.scheduled);
  for (const { method, url: path, headers, body } of asked) {
    expect({ method, path }).toEqual({ method: 'PUT', path: '/images/image.png?n=0' });
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(body.equals(IMAGES.png)).toBe(true);
  }
});

it('gets without a body', async () => {
  const url = await serve(() => ({ json: {} }));
  const { counts } = pointOf(await load(`${url}/{{image_name}}`, '--method', 'GET', ...BRIEF, '--json'));
  expect(counts.ok).toBe(counts.scheduled);
  expect(asked[0]).toMatchObject({ method: 'GET', url: '/image.png', body: Buffer.alloc(0) });
  expect(asked[0]?.headers).not.toHaveProperty('content-length');
});

describe('a load that is written down', () => {
  let served: SimulatedServer;
  beforeAll(async () => {
    served = await SimulatedServer.start({ batch_ms: { 1: 2 } }, '--max-batch-size', '1');
  });
  afterAll(() => served.stop());

  it.each([
    ['examples/load.yaml', /[\s\S]+/],
    ['docs/load.md', /(?<=```yaml\n)load:\n[^`]*/],
  ])('runs as %s has it', async (file, part) => {
    const text = part.exec(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8'))?.[0] ?? '';
    expect(text).toContain('http://127.0.0.1:8080/predict');
    const config = join(folder, 'load.yaml');
    await writeFile(config, text.replace('http://127.0.0.1:8080', served.url));
    const brief = ['--duration', '300ms', '--warmup', '0'];
    const point = pointOf(await load('--config', config, ...brief, '--json'));
    expect(point.load).toEqual({ mode: 'closed', concurrency: 8 });
    expect(point.counts.ok).toBeGreaterThanOrEqual(8);
    expect(point.counts.ok).toBe(point.counts.scheduled);
    expect(point.checked).toBe(point.counts.scheduled);
  });
});

it('shows the phases of a request apart, which add up to the latency', async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      setTimeout(() => {
        response.writeHead(200, { 'content-length': 4 }).write('{}');
        setTimeout(() => response.end('  '), 120);
      }, 30);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const out = join(folder, 'phases');
  const closing = ['--header', 'Connection: close', '--out', out];
  const { code, stdout } = await load(url, ...BRIEF, '--duration', '800ms', ...closing);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}first byte +\d+\.\d+ +\d+\.\d+ +- {2}/m);

  const { counts, latency_ms, phases_ms } = pointSchema.parse(
    JSON.parse(await readFile(join(out, 'point.json'), 'utf8')),
  );
  expect(counts.ok).toBe(counts.scheduled);
  if (phases_ms === undefined) throw new Error('the point has no phases');
  expect(phases_ms.first_byte.p50.value).toBeGreaterThan(28);
  // From when the client has seen the first byte, which is later than it was sent on a busy machine.
  expect(phases_ms.body.p50.value).toBeGreaterThan(40);
  expect(phases_ms.connect.p50.value).toBeGreaterThan(0);
  const sum = Object.values(phases_ms).reduce((total, { mean }) => total + (mean.value ?? Number.NaN), 0);
  expect(sum).toBeCloseTo(latency_ms.mean.value ?? Number.NaN, 6);

  // All but the first two, for which connections were opened ahead, had to open one.
  const records = await readRecords(join(out, 'records.ndjson'));
  expect(records.filter(({ connecting }) => connecting === undefined).length).toBe(2);
});
