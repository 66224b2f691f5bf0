import { once } from 'node:events';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { ERRORS, isErrorCode, monotonicNowUs, resolveOptions } from '@servelab/core';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { SERVE_OPTIONS, type ServeOptions } from '../config/serve-options.js';
import { BatchJournalRing } from '../telemetry/batch-journal-ring.js';
import { createLogger } from '../telemetry/logger.js';
import { ServerMetrics } from '../telemetry/server-metrics.js';
import type { ImageOutcome, InferenceEngine, Submission } from '../workers/inference-engine.js';
import { createHttpServer } from './http-server.js';
import { listen } from './listen.js';
import { type ServedModel, ServerState } from './server-state.js';

const timing = {
  decodeUs: 1100,
  queueUs: 2200,
  inferUs: 7000,
  batchId: 1,
  batchSize: 4,
  reason: 'a "worker" is free',
};
const MODEL: ServedModel = {
  name: 'fake',
  precision: 'f32',
  runtime: 'simulated',
  policy: 'greedy',
  sha256: null,
  synthetic: false,
  warning: null,
  labels: ['zero', 'one'],
};

/** Passes for a JPEG by its first bytes, which is all that the HTTP side looks at. */
const image = (text: string) => Buffer.from(`\xff\xd8\xff${text}`, 'latin1');

/** Answers class 1 for every image, `invalid_image` for the one called "bad"; `hold` keeps it from answering. */
class FakeEngine implements InferenceEngine {
  refusal: Extract<Submission, { accepted: false }> | null = null;
  hold: Promise<void> = Promise.resolve();
  onSubmit: () => void = () => {};
  cancelled = 0;
  ready = 1;

  async start() {}
  async close() {}
  state() {
    const [transport, device] = ['ipc' as const, 'cpu'];
    return { queuedImages: 3, readyWorkers: this.ready, workers: 1, transport, device };
  }
  policyState() {
    return { policy: 'fake' };
  }
  submit(jobs: Parameters<InferenceEngine['submit']>[0]): Submission {
    this.onSubmit();
    if (this.refusal !== null) return this.refusal;
    const outcomes = this.hold.then(() =>
      jobs.map(
        ({ bytes }): ImageOutcome =>
          image('bad').equals(bytes)
            ? { ok: false, code: 'invalid_image' }
            : {
                ok: true,
                top: [
                  { classId: 1, confidence: 0.75 },
                  { classId: 0, confidence: 0.25 },
                ],
                timing,
              },
      ),
    );
    return { accepted: true, outcomes, cancel: () => void this.cancelled++ };
  }
}

let app: FastifyInstance | undefined;
afterEach(async () => {
  app?.server.closeAllConnections();
  await app?.close();
});

async function start(overrides: Partial<ServeOptions> = {}, model: Partial<ServedModel> = {}) {
  const { values } = resolveOptions(SERVE_OPTIONS, { flags: {}, environment: {}, file: {} });
  const options: ServeOptions = { ...values, port: 0, logLevel: 'silent', ...overrides };
  const engine = new FakeEngine();
  const state = new ServerState();
  const journal = new BatchJournalRing();
  const metrics = new ServerMetrics(() => engine.state());
  app = await createHttpServer({
    options,
    state,
    metrics,
    journal,
    arena: null,
    logger: createLogger('silent'),
    nowUs: monotonicNowUs,
  });
  const url = await listen(app, options.host, options.port);
  state.ready({ ...MODEL, ...model }, engine);
  const post = (body: string | Buffer, headers: Record<string, string> = { 'content-type': 'image/jpeg' }) =>
    fetch(`${url}/predict`, { method: 'POST', body, headers });
  return { url, engine, state, journal, metrics, post };
}

/** Checks the shape that every error has, and tells its code. */
async function codeOf(response: Response): Promise<string> {
  const problem = (await response.json()) as Record<string, unknown>;
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { code } = problem;
  if (!isErrorCode(code)) throw new Error(`${String(code)} is no code of the table`);
  expect(problem).toMatchObject({ status: ERRORS[code].status, title: ERRORS[code].title });
  expect(response.status).toBe(ERRORS[code].status);
  expect(problem.request_id).toBe(response.headers.get('x-request-id'));
  expect(response.headers.get('server-timing')).toContain('total;dur=');
  return code;
}

async function rawConnection(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('an answer', () => {
  it('tells the classes, the request id and where the time went', async () => {
    const { post } = await start();
    const response = await post(image('good'), { 'content-type': 'image/jpeg', 'x-request-id': 'mine-7' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      predictions: [
        { class_id: 1, class_name: 'one', confidence: 0.75 },
        { class_id: 0, class_name: 'zero', confidence: 0.25 },
      ],
      top_prediction: 'one',
      confidence: 0.75,
    });
    expect(response.headers.get('x-request-id')).toBe('mine-7');
    expect(response.headers.get('server-timing')).toMatch(
      /^decode;dur=1.10, queue;dur=2.20, batch;desc="size 4, a {2}worker {2}is free", infer;dur=7.00, total;dur=[\d.]+$/,
    );
    expect(response.headers.get('x-servelab-synthetic-weights')).toBeNull();
  });

  it('makes a request id where the client gives none or a strange one', async () => {
    const { post } = await start();
    const strange = await post(image('good'), { 'content-type': 'image/jpeg', 'x-request-id': 'a b"c' });
    expect(strange.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('answers several images one by one, bad ones among them', async () => {
    const { post } = await start();
    const images = ['good', 'bad'].map((text) => image(text).toString('base64'));
    const response = await post(JSON.stringify({ images_base64: [images[0], '!', images[1], images[0]] }), {
      'content-type': 'application/json',
    });
    expect(response.status).toBe(200);
    const { results } = (await response.json()) as { results: unknown[] };
    expect(results).toEqual([
      expect.objectContaining({ top_prediction: 'one' }),
      { error: { code: 'invalid_base64', status: 400, title: ERRORS.invalid_base64.title } },
      { error: { code: 'invalid_image', status: 400, title: ERRORS.invalid_image.title } },
      expect.objectContaining({ top_prediction: 'one' }),
    ]);
  });

  it('says so when the weights are synthetic', async () => {
    const { url, post } = await start({}, { synthetic: true, warning: 'answers are not real' });
    expect((await post(image('good'))).headers.get('x-servelab-synthetic-weights')).toBe('true');
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      synthetic: true,
      warning: 'answers are not real',
    });
  });
});

describe('an error', () => {
  it('is the one of the only image', async () => {
    const { post } = await start();
    expect(await codeOf(await post(image('bad')))).toBe('invalid_image');
  });

  it.each<[code: string, body: string | Buffer, headers: Record<string, string>]>([
    ['missing_image', '', { 'content-type': 'image/png' }],
    ['unsupported_media_type', 'text', { 'content-type': 'text/plain' }],
    ['invalid_image', 'no image by its first bytes', { 'content-type': 'image/png' }],
    ['unsupported_image_format', '<svg xmlns="x"></svg>', { 'content-type': 'image/svg+xml' }],
    ['invalid_json', '{', { 'content-type': 'application/json' }],
    ['body_too_large', Buffer.alloc(2000), { 'content-type': 'image/png' }],
    ['bad_request', image('good'), { 'content-type': 'image/png', 'x-request-timeout-ms': '-1' }],
  ])('%s', async (code, body, headers) => {
    const { post } = await start({ maxBodyBytes: 1024 });
    expect(await codeOf(await post(body, headers))).toBe(code);
    expect((await post(image('good'))).status).toBe(200);
  });

  it('is queue_full while the bodies that wait fill the memory given to them', async () => {
    const { post, engine } = await start({ maxBufferedBytes: 3000 });
    const submitted = new Promise<void>((resolve) => {
      engine.onSubmit = resolve;
    });
    let answer = () => {};
    engine.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const first = post(image('x'.repeat(2000)));
    await submitted;
    const second = await post(image('x'.repeat(2000)));
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await codeOf(second)).toBe('queue_full');
    answer();
    expect((await first).status).toBe(200);
    expect((await post(image('x'.repeat(2000)))).status).toBe(200);
  });

  it('refuses a chunked body as soon as it is over the limit', async () => {
    const { url } = await start({ maxBodyBytes: 1024 });
    const socket = await rawConnection(url);
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    socket.write(
      `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n${chunk}${chunk}`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it.each([
    ['GET', '/nowhere', 'not_found', null],
    ['GET', '/predict', 'method_not_allowed', 'POST'],
    ['POST', '/health', 'method_not_allowed', 'GET, HEAD'],
    ['PROPFIND', '/predict', 'method_not_allowed', 'POST'],
    ['GET', '/predict?why', 'method_not_allowed', 'POST'],
    ['GET', '/%zz', 'bad_request', null],
    // What a router would take for a pattern.
    ['GET', '/*ivez', 'not_found', null],
    ['GET', '/:path', 'not_found', null],
    ['GET', '/:path((a+)+$', 'not_found', null],
    ['GET', '/predict/:id(', 'not_found', null],
  ])('%s %s: %s', async (method, path, code, allow) => {
    const { url } = await start();
    const response = await fetch(`${url}${path}`, { method });
    expect(await codeOf(response)).toBe(code);
    expect(response.headers.get('allow')).toBe(allow);
  });

  it('passes on what the engine refuses, with when to try again', async () => {
    const { post, engine } = await start();
    engine.refusal = { accepted: false, code: 'queue_full', retryAfterS: 2 };
    const response = await post(image('good'));
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await codeOf(response)).toBe('queue_full');
  });

  it('is not_ready before the model can answer', async () => {
    const { values } = resolveOptions(SERVE_OPTIONS, { flags: {}, environment: {}, file: {} });
    const metrics = new ServerMetrics(() => ({
      queuedImages: 0,
      readyWorkers: 0,
      workers: 0,
      transport: 'ipc' as const,
      device: null,
    }));
    app = await createHttpServer({
      options: values,
      state: new ServerState(),
      metrics,
      journal: new BatchJournalRing(),
      arena: null,
      logger: createLogger('silent'),
      nowUs: monotonicNowUs,
    });
    const url = await listen(app, '127.0.0.1', 0);
    expect(await codeOf(await fetch(`${url}/predict`, { method: 'POST', body: 'x' }))).toBe('not_ready');
    expect((await fetch(`${url}/health`)).status).toBe(503);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('is deadline_exceeded when the engine is late, and takes the image back', async () => {
    const { post, engine } = await start();
    engine.hold = new Promise(() => {});
    const response = await post(image('good'), { 'content-type': 'image/png', 'x-request-timeout-ms': '20' });
    expect(await codeOf(response)).toBe('deadline_exceeded');
    expect(engine.cancelled).toBe(1);
  });

  it('is body_timeout for a body that trickles, and closes the connection', async () => {
    const { url } = await start({ bodyTimeoutMs: 100 });
    const socket = await rawConnection(url);
    socket.write(
      'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 10\r\n\r\nab',
    );
    const answer = await readAll(socket);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"code":"body_timeout"');
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('is headers_timeout for headers that trickle', async () => {
    const { url } = await start({ headersTimeoutMs: 100 });
    const socket = await rawConnection(url);
    socket.write('POST /predict HTTP/1.1\r\nhost: x');
    expect(await readAll(socket)).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"headers_timeout"/);
  });

  it.each([
    ['bad_request', 400, 'this is no HTTP\r\n\r\n'],
    ['bad_request', 400, 'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: ten\r\n\r\n'],
    ['headers_too_large', 431, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`],
  ])('is %s (%i) for malformed HTTP', async (code, status, bytes) => {
    const { url } = await start();
    const socket = await rawConnection(url);
    socket.write(bytes);
    const answer = await readAll(socket);
    expect(answer).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*x-request-id: [\\s\\S]*"code":"${code}"`),
    );
  });

  it('never shows a stack when the server itself fails', async () => {
    const { post, engine } = await start();
    engine.onSubmit = () => {
      throw new Error('secret detail');
    };
    const response = await post(image('good'));
    const text = await response.clone().text();
    expect(await codeOf(response)).toBe('internal_error');
    expect(text).not.toMatch(/secret|\.ts|\.js/);
  });
});

it('takes the images of a client that left out of the queue, and counts it', async () => {
  const { url, engine, metrics } = await start();
  engine.hold = new Promise(() => {});
  const submitted = new Promise<void>((resolve) => {
    engine.onSubmit = resolve;
  });
  const socket = await rawConnection(url);
  socket.write(
    'POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 6\r\n\r\nGIF89a',
  );
  await submitted;
  socket.destroy();
  await expect.poll(async () => await metrics.render()).toContain('servelab_client_disconnects_total 1');
  expect(engine.cancelled).toBe(1);
});

describe('the other routes', () => {
  it('/readyz follows the phase and the workers', async () => {
    const { url, engine, state } = await start();
    const ready = async () => (await fetch(`${url}/readyz`)).status;
    expect(await ready()).toBe(200);
    engine.ready = 0;
    expect(await ready()).toBe(503);
    engine.ready = 1;
    state.drain();
    expect(await ready()).toBe(503);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'draining', model: 'fake' });
  });

  it('/metrics counts requests, images, errors and the queue', async () => {
    const { url, post } = await start();
    await post(image('good'));
    await post(image('bad'));
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const line of [
      'servelab_requests_total{status="200"} 1',
      'servelab_requests_total{status="400"} 1',
      'servelab_images_total 1',
      'servelab_request_errors_total{code="invalid_image"} 1',
      'servelab_queue_images 3',
      'servelab_decode_duration_seconds_count 1',
      'servelab_request_duration_seconds_count 2',
      'process_resident_memory_bytes',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('/debug/batches is there on a loopback address or when asked for, only', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/debug/batches`)).json()).toEqual({ batches: [] });
    await app?.close();
    const open = await start({ host: '0.0.0.0' });
    const port = new URL(open.url).port;
    expect((await fetch(`http://127.0.0.1:${port}/debug/batches`)).status).toBe(404);
    await app?.close();
    const asked = await start({ host: '0.0.0.0', debugEndpoints: true });
    expect((await fetch(`http://127.0.0.1:${new URL(asked.url).port}/debug/batches`)).status).toBe(200);
  });

  // DNS rebinding: a page whose name was made to resolve to 127.0.0.1 is of the server's origin for the browser.
  it('/debug/* is only for those who call the server by a name of this machine', async () => {
    const { url } = await start({ debugEndpoints: true });
    const ask = (path: string, host: string) =>
      new Promise<Response>((resolve, reject) => {
        get(url + path, { headers: { host } }, (answer) => {
          const headers = new Headers(answer.headers as Record<string, string>);
          void text(answer).then((body) =>
            resolve(new Response(body, { status: answer.statusCode ?? 0, headers })),
          );
        }).on('error', reject);
      });
    for (const path of ['/debug/batches', '/debug/policy']) {
      expect((await ask(path, `localhost:${new URL(url).port}`)).status).toBe(200);
      expect(await codeOf(await ask(path, 'rebound.example'))).toBe('misdirected_request');
    }
    expect((await ask('/livez', 'rebound.example')).status).toBe(200);
  });

  it('every answer keeps browsers from guessing its type', async () => {
    const { url, post } = await start();
    const paths = ['/livez', '/metrics', '/docs', '/docs/static/swagger-ui.css', '/nowhere', '/%zz'];
    const answers = [
      await post(image('good')),
      ...(await Promise.all(paths.map((path) => fetch(url + path)))),
    ];
    expect(answers.map(({ headers }) => headers.get('x-content-type-options'))).toEqual(
      answers.map(() => 'nosniff'),
    );
  });

  it('/openapi.json names every code that /predict may answer, and /docs needs no network', async () => {
    const { url } = await start();
    const document = await (await fetch(`${url}/openapi.json`)).text();
    for (const code of Object.keys(ERRORS)) {
      if (code !== 'client_closed_request') expect(document).toContain(code);
    }
    const page = await fetch(`${url}/docs`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const sources = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, source]) => source ?? '',
    );
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      expect(source).not.toMatch(/^(https?:)?\/\//);
      expect((await fetch(new URL(source, page.url))).status).toBe(200);
    }
  });
});
