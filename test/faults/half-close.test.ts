import { afterEach, describe, expect, it } from 'vitest';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { predictBytes, RawConnection } from '../fixtures/raw-connection.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

let server: SimulatedServer;
afterEach(() => server.stop());

const finals = (answers: { status: number }[]) =>
  answers.map(({ status }) => status).filter((status) => status >= 200);

/** A batch that takes long enough for the server to see the end of sending before it answers. */
const slow = () => SimulatedServer.start({ batch_ms: { 1: 300, 8: 300 } }, '--workers', '1');

// http-core#22: an end of the sending side was taken for the end of the client, and its answer was never written.
describe('a client that has sent all and ends its sending side gets its answers', () => {
  const gif = onePixelGif(1);
  const chunked = [
    'POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: image/gif\r\ntransfer-encoding: chunked\r\n\r\n',
    `${gif.length.toString(16)}\r\n${Buffer.from(gif).toString('latin1')}\r\n0\r\n\r\n`,
  ].join('');
  it.each<[form: string, bytes: Buffer, statuses: number[]]>([
    ['a body of a declared length', predictBytes(gif), [200]],
    ['connection: close', predictBytes(gif, 'connection: close'), [200]],
    ['a chunked body', Buffer.from(chunked, 'latin1'), [200]],
    ['no body', Buffer.from('GET /livez HTTP/1.1\r\nhost: a\r\n\r\n'), [200]],
    ['HTTP/1.0', Buffer.from('GET /livez HTTP/1.0\r\n\r\n'), [200]],
    ['an error', predictBytes(Buffer.from('text')), [400]],
    [
      'several requests ahead',
      Buffer.concat([1, 2, 3].map((n) => predictBytes(onePixelGif(n)))),
      [200, 200, 200],
    ],
  ])('%s', async (_form, bytes, statuses) => {
    server = await slow();
    const client = await RawConnection.open(server.url);
    client.socket.end(bytes);
    expect(finals(await client.answersUntilEnd())).toEqual(statuses);
  });

  it('one that answers at once sees no interim answer', async () => {
    server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--workers', '1');
    const client = await RawConnection.open(server.url);
    client.socket.end('GET /livez HTTP/1.1\r\nhost: a\r\n\r\n');
    expect((await client.answersUntilEnd()).map(({ status }) => status)).toEqual([200]);
  });

  it('what is cut off in the middle is told so, after the answers to what was whole', async () => {
    server = await slow();
    const client = await RawConnection.open(server.url);
    client.socket.end(Buffer.concat([predictBytes(gif), predictBytes(gif).subarray(0, -3)]));
    const answers = await client.answersUntilEnd();
    expect(finals(answers)).toEqual([200, 400]);
    expect(answers.at(-1)?.body).toContain('"code":"bad_request"');
  });
});

describe('a client that is gone is noticed while its request waits', () => {
  const waiting = () => server.metric('servelab_queue_images');
  const gone = () => server.metric('servelab_client_disconnects_total');

  it.each(['destroy', 'resetAndDestroy'] as const)('by %s of its socket', async (leave) => {
    server = await SimulatedServer.start(
      { batch_ms: { 1: 60_000 } },
      ...['--workers', '1', '--max-batch-size', '1'],
      ...['--worker-timeout-ms', '600000', '--request-timeout-ms', '600000'],
    );
    const first = await RawConnection.open(server.url);
    first.send(predictBytes(onePixelGif(1)));
    const leaving = await RawConnection.open(server.url);
    // Sent ahead on one connection: each of them waits, not only the one whose answer is next.
    leaving.send(...[2, 3, 4].map((n) => predictBytes(onePixelGif(n))));
    await expect.poll(waiting).toBe(3);
    leaving.socket[leave]();
    await expect.poll(waiting).toBe(0);
    expect(await gone()).toBe(3);
    first.socket.destroy();
  });
});
