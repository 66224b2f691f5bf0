import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { treePeakMib } from '../fixtures/process-tree.js';
import { jsonRequest, toBase64 } from '../fixtures/request-body.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

let server: SimulatedServer;
beforeAll(async () => {
  server = await SimulatedServer.start({ batch_ms: { 1: 0.1, 8: 0.2 } }, '--workers', '1');
});
afterAll(() => server.stop());

const JPEG = { 'content-type': 'image/jpeg' };

async function post(body: Buffer | string, headers: Record<string, string>, path = '/predict') {
  const response = await fetch(server.url + path, { method: 'POST', body, headers });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, code, acceptEncoding: response.headers.get('accept-encoding') };
}

/** What a server says to bytes that no client library would send. */
async function said(bytes: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(bytes);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const chunked = (body: Buffer, bytes: number) => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += bytes) {
    const piece = body.subarray(at, at + bytes);
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, LAST_CHUNK]);
};
const head = (...lines: string[]) =>
  `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\n${lines.join('\r\n')}\r\n\r\n`;

// tensorflow/serving#1091, MLServer#931, BentoML#1015
describe('Content-Encoding', () => {
  it.each<[coding: string, compress: (body: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', (body) => body],
  ])('%s is undone, in every form', async (coding, compress) => {
    const encoding = { 'content-encoding': coding };
    expect(await post(compress(IMAGES.jpeg), { ...JPEG, ...encoding })).toMatchObject({ status: 200 });
    const { headers, body } = jsonRequest({ image_base64: toBase64(IMAGES.png) });
    expect(await post(compress(Buffer.from(body as string)), { ...headers, ...encoding })).toMatchObject({
      status: 200,
    });
  });

  it('that is not known is refused with what is', async () => {
    expect(await post(IMAGES.jpeg, { ...JPEG, 'content-encoding': 'zstd' })).toEqual({
      status: 415,
      code: 'unsupported_content_encoding',
      acceptEncoding: 'gzip, deflate, br',
    });
  });

  it('that the body does not keep to is refused, and the body of nothing is none', async () => {
    const gzip = { ...JPEG, 'content-encoding': 'gzip' };
    expect(await post(IMAGES.jpeg, gzip)).toMatchObject({ status: 400, code: 'invalid_content_encoding' });
    expect(await post('', gzip)).toMatchObject({ status: 400, code: 'missing_image' });
  });

  it('of a body that expands a thousandfold ends at the limit of bodies', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const before = treePeakMib(server.process.pid);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(bomb, { ...JPEG, 'content-encoding': 'gzip' })),
    );
    for (const { code } of answers) expect(['body_too_large', 'queue_full']).toContain(code);
    expect(answers.map(({ code }) => code)).toContain('body_too_large');
    // Eight of 200 MiB, of which 64 MiB may be held at once.
    if (process.platform === 'linux') expect(treePeakMib(server.process.pid) - before).toBeLessThan(400);
  });
});

it('Transfer-Encoding beside chunked is not implemented', async () => {
  const answer = await said(
    `${head('transfer-encoding: gzip, chunked')}${chunked(gzipSync(IMAGES.jpeg), 1000)}`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 501 [\s\S]*"code":"unsupported_transfer_encoding"/);
});

it('a body in chunks of one byte is answered, and takes the memory of its bytes', async () => {
  const chunks = 500_000;
  const image = chunked(IMAGES.jpeg, 1).subarray(0, -LAST_CHUNK.length);
  const body = Buffer.concat([image, Buffer.alloc(chunks * 6, '1\r\nx\r\n'), LAST_CHUNK]);
  const before = treePeakMib(server.process.pid);
  const answer = await said(Buffer.concat([Buffer.from(head('transfer-encoding: chunked')), body]));
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  // An object for each would be 200 MiB.
  if (process.platform === 'linux') expect(treePeakMib(server.process.pid) - before).toBeLessThan(100);
});

it('clients that declare a body and send none take nothing from those that do', async () => {
  const idle = Array.from({ length: 20 }, () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(head('content-length: 16000000'));
    return socket;
  });
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  const answers = await Promise.all(Array.from({ length: 4 }, () => post(IMAGES.jpeg, JPEG)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  for (const socket of idle) socket.destroy();
});

describe('a slash too many, or a letter that is encoded', () => {
  it.each(['/predict/', '//predict', '/predict/?x=1', '/%70redict', '/%70redict?x=%zz'])(
    'POST %s is answered as /predict',
    async (path) => {
      expect(await post(IMAGES.jpeg, JPEG, path)).toMatchObject({ status: 200 });
    },
  );

  // As the router reads them: a proxy names the whole URL, and what follows # is no part of the path.
  it.each(['/predict#x', 'http://a/predict', 'https://a/%70redict'])(
    'POST %s is answered as /predict, and counted once',
    async (target) => {
      const before = await server.metric('servelab_requests_total', 'status="200"');
      const head = `POST ${target} HTTP/1.1\r\nhost: a\r\ncontent-type: image/png\r\ncontent-length: ${IMAGES.png.length}\r\n\r\n`;
      expect(await said(Buffer.concat([Buffer.from(head), IMAGES.png]))).toMatch(/^HTTP\/1\.1 200 /);
      await expect.poll(() => server.metric('servelab_requests_total', 'status="200"')).toBe(before + 1);
    },
  );

  it('changes neither the other routes nor what is allowed', async () => {
    expect((await fetch(`${server.url}/health/`)).status).toBe(200);
    const refused = await fetch(`${server.url}/predict/`);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${server.url}/nowhere/`)).status).toBe(404);
    expect((await fetch(`${server.url}/docs/`)).headers.get('content-type')).toContain('text/html');
  });
});
