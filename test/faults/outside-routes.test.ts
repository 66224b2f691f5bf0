import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { ERRORS, isErrorCode } from '@servelab/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { predictBytes, type RawAnswer, RawConnection } from '../fixtures/raw-connection.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

let server: SimulatedServer;
beforeAll(async () => {
  const times = ['--headers-timeout-ms', '1000', '--body-timeout-ms', '60000'];
  server = await SimulatedServer.start({ batch_ms: { 1: 100, 8: 100 } }, '--workers', '1', ...times);
});
afterAll(() => server.stop());

/** Holds an answer to the shape that every error has, and tells its code. */
function codeOf({ status, headers, body }: RawAnswer): string {
  const { code, request_id: id, ...rest } = JSON.parse(body);
  if (!isErrorCode(code)) throw new Error(`${code} is no code of the table`);
  expect(rest).toMatchObject({ status, title: ERRORS[code].title });
  expect(status).toBe(ERRORS[code].status);
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    'x-request-id': id,
    'x-content-type-options': 'nosniff',
  });
  expect(headers['server-timing']).toContain('total;dur=');
  return code;
}

// Node answers these by itself, with a status line and no more, or hangs up; llhttp's errors have no request at all.
describe('an answer that no route writes is one of the table, with a request id', () => {
  it.each<[what: string, bytes: string, code: string]>([
    ['HTTP/1.1 without Host', 'GET /livez HTTP/1.1\r\n\r\n', 'bad_request'],
    ['an unknown Expect', 'POST /predict HTTP/1.1\r\nhost: a\r\nexpect: magic\r\n\r\n', 'expectation_failed'],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\nsecret', 'method_not_allowed'],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n', 'not_found'],
    ['TRACE', 'TRACE /predict HTTP/1.1\r\nhost: a\r\n\r\n', 'method_not_allowed'],
    ['a method that is none', 'FOO / HTTP/1.1\r\nhost: a\r\n\r\n', 'bad_request'],
    ['a version that is none', 'GET /livez HTTP/1.7\r\nhost: a\r\n\r\n', 'bad_request'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'bad_request'],
    ['a target that is none', 'GET a:80 HTTP/1.1\r\nhost: a\r\n\r\n', 'bad_request'],
    ['a URL that cannot be decoded', 'GET /%zz HTTP/1.1\r\nhost: a\r\n\r\n', 'bad_request'],
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
      'headers_too_large',
    ],
    ['headers that are late', 'GET /livez HTTP/1.1\r\nhost: a\r\nx: ', 'headers_timeout'],
    [
      'a chunk that is none',
      'POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: image/gif\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      'bad_request',
    ],
    [
      'a page of /docs that is none',
      'GET /docs/static/..%2f..%2fpackage.json HTTP/1.1\r\nhost: a\r\n\r\n',
      'not_found',
    ],
  ])('%s', async (_what, bytes, code) => {
    const client = await RawConnection.open(server.url);
    client.send(bytes);
    const [answer] = await client.answers(1);
    expect(answer === undefined ? '' : codeOf(answer)).toBe(code);
    client.socket.destroy();
  });

  it('takes over the request id that the client gave', async () => {
    const client = await RawConnection.open(server.url);
    client.send('CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\nx-request-id: mine-7\r\n\r\n');
    const [answer] = await client.answersUntilEnd();
    expect(answer?.headers).toMatchObject({
      'x-request-id': 'mine-7',
      connection: 'close',
      allow: 'GET, HEAD, POST',
    });
  });

  it('a request that asks for another protocol is answered in this one', async () => {
    const client = await RawConnection.open(server.url);
    client.send('GET /livez HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    expect((await client.answers(1))[0]?.status).toBe(200);
    client.socket.destroy();
  });

  it.each([
    ['garbage', 'garbage\r\n\r\n', 400],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n', 405],
  ])(
    '%s after requests that wait: their answers come first, each in its place',
    async (_what, bytes, last) => {
      const client = await RawConnection.open(server.url);
      client.send(predictBytes(onePixelGif(1)), predictBytes(onePixelGif(2)), bytes, 'and more of it');
      const answers = await client.answersUntilEnd();
      expect(answers.map(({ status }) => status)).toEqual([200, 200, last]);
      expect(answers.map(({ headers }) => headers.connection)).toEqual(['keep-alive', 'keep-alive', 'close']);
    },
  );

  it('a body that breaks off: its request is not answered twice', async () => {
    const client = await RawConnection.open(server.url);
    client.send('POST /livez HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
    await client.answers(1);
    client.send('zz\r\n');
    expect((await client.answersUntilEnd()).map(({ status }) => status)).toEqual([405]);
  });

  it('a client that resets the connection after CONNECT ends nothing but the connection', async () => {
    const client = await RawConnection.open(server.url);
    client.send(predictBytes(onePixelGif(1)), 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n');
    client.socket.resetAndDestroy();
    expect(await server.predict(onePixelGif(2))).toEqual({ status: 200 });
  });
});

// A second server for the other address had Node's own answers, no limits, and was not waited for at the end.
// What the client still sends is not answered with a reset: it could destroy answers that have not been read.
describe('after the last answer', () => {
  async function openWatched(): Promise<{ client: RawConnection; errors: Error[] }> {
    const client = await RawConnection.open(server.url);
    const errors: Error[] = [];
    client.socket.on('error', (error) => errors.push(error));
    return { client, errors };
  }

  it.each<[what: string, bytes: string, status: number]>([
    ['an answer that ends it', 'GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 200],
    ['HTTP/1.0', 'GET /livez HTTP/1.0\r\n\r\n', 200],
    ['HTTP/2.0', 'GET /livez HTTP/2.0\r\nhost: a\r\n\r\n', 200],
    ['an unknown Expect', 'POST /predict HTTP/1.1\r\nhost: a\r\nexpect: magic\r\n\r\n', 417],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n', 405],
    ['bytes that are no HTTP', 'FOO / HTTP/1.1\r\nhost: a\r\n\r\n', 400],
  ])('%s: the connection is open until its client has ended it', async (_what, bytes, status) => {
    const { client, errors } = await openWatched();
    client.send(bytes);
    await once(client.socket, 'end');
    // More than a kernel takes at once: it waits until the server has read the first of it.
    client.socket.end(Buffer.from('GET /livez HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(300_000)));
    await once(client.socket, 'close').catch(() => {});
    expect(errors).toEqual([]);
    expect((await client.answersUntilEnd()).map((answer) => answer.status)).toEqual([status]);
  });

  it.each(['/nope', '/predict'])('a body that %s does not read is taken, in the end', async (path) => {
    const size = 8_000_000;
    // Whether Node had stopped to read is a matter of chance.
    for (let time = 0; time < 5; time++) {
      const { client, errors } = await openWatched();
      client.socket.pause();
      client.send(
        `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: text/x\r\nconnection: close\r\ncontent-length: ${size}\r\n\r\n`,
      );
      client.socket.end(Buffer.alloc(size));
      await once(client.socket, 'finish').catch(() => {});
      expect(errors).toEqual([]);
      client.socket.resume();
      expect((await client.answersUntilEnd()).map(({ status }) => status)).toEqual([
        path === '/nope' ? 404 : 415,
      ]);
    }
  });
});

it('--host localhost is the same server on each of its addresses', async () => {
  const local = await SimulatedServer.start(
    { batch_ms: { 1: 300 } },
    '--workers',
    '1',
    '--host',
    'localhost',
  );
  try {
    const addresses = await lookup('localhost', { all: true });
    const clients = await Promise.all(addresses.map(({ address }) => RawConnection.open(local.url, address)));
    for (const client of clients) client.send('GET /livez HTTP/1.1\r\n\r\n', predictBytes(onePixelGif(1)));
    for (const client of clients) {
      const [refused] = await client.answers(1);
      expect(refused === undefined ? '' : codeOf(refused)).toBe('bad_request');
    }
    local.process.signal('SIGTERM');
    for (const client of clients) {
      expect((await client.answersUntilEnd()).map(({ status }) => status)).toEqual([400, 200]);
    }
    expect((await local.process.ended()).exitCode).toBe(0);
  } finally {
    await local.stop();
  }
});
