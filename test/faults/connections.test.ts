import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { openDescriptors } from '../fixtures/descriptors.js';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { predictBytes, RawConnection } from '../fixtures/raw-connection.js';
import { ServelabProcess } from '../fixtures/served-process.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

let server: SimulatedServer;
afterEach(() => server?.stop());

const LIVEZ = 'GET /livez HTTP/1.1\r\nhost: a\r\n\r\n';
const BUNDLE = 'GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nhost: a\r\n\r\n';

const open = () => RawConnection.open(server.url);

describe.skipIf(process.platform !== 'linux')('descriptors come back', () => {
  // What is asked for ahead, never read and then left: each answer held its file open for good.
  it.each(['/docs/static/swagger-ui-bundle.js', '/docs/', '/openapi.json', '/livez', '/metrics', '/nowhere'])(
    'fifty requests for %s on a connection, never read and then closed',
    async (path) => {
      server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--workers', '1');
      const { pid } = server.process;
      const before = openDescriptors(pid);
      const clients = await Promise.all(Array.from({ length: 20 }, open));
      for (const client of clients) {
        client.send(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`.repeat(50));
        client.socket.pause();
      }
      // Who is answered last has been read from: so have the others.
      await expect.poll(() => server.status('/livez')).toBe(200);
      for (const client of clients) client.socket.destroy();
      // The connection of the check above is kept alive.
      await expect.poll(() => openDescriptors(pid)).toBeLessThanOrEqual(before + 1);
    },
  );

  it('from clients that never read and never leave, after --write-timeout-ms', async () => {
    server = await SimulatedServer.start(
      { batch_ms: { 1: 1 } },
      '--workers',
      '1',
      '--write-timeout-ms',
      '200',
    );
    const { pid } = server.process;
    const before = openDescriptors(pid);
    const clients = await Promise.all(Array.from({ length: 20 }, open));
    for (const client of clients) {
      client.socket.pause();
      client.send(BUNDLE.repeat(50));
    }
    // Who came after them has been let in: so have they.
    const last = await open();
    last.send(LIVEZ);
    await last.answers(1);
    last.socket.destroy();
    await expect.poll(() => openDescriptors(pid)).toBe(before);
    for (const client of clients) client.socket.destroy();
  });

  it('one that waits for its answer longer than that keeps its connection', async () => {
    server = await SimulatedServer.start(
      { batch_ms: { 1: 1500 } },
      '--workers',
      '1',
      '--write-timeout-ms',
      '200',
    );
    const client = await open();
    client.send(predictBytes(onePixelGif(1)));
    expect((await client.answers(1)).map(({ status }) => status)).toEqual([200]);
    client.socket.destroy();
  });
});

describe('--max-connections', () => {
  it('one more is told 503 and when to come again, probes are answered, and who leaves makes room', async () => {
    server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--workers', '1', '--max-connections', '2');
    const crowd = [await open(), await open()];
    const surplus = await open();
    surplus.send(predictBytes(onePixelGif(1)));
    const [answer] = await surplus.answersUntilEnd();
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '1', connection: 'close' },
    });
    expect(answer?.body).toContain('"code":"too_many_connections"');

    const probe = await open();
    probe.send(LIVEZ);
    expect((await probe.answers(1)).map(({ status }) => status)).toEqual([200]);
    probe.socket.destroy();

    const silent = await open();
    await once(silent.socket, 'end');
    silent.socket.destroy();

    crowd[0]?.socket.destroy();
    const ask = async () => {
      const client = await open();
      client.send(predictBytes(onePixelGif(1)));
      const [{ status } = { status: 0 }] = await client.answers(1);
      client.socket.destroy();
      return status;
    };
    await expect.poll(ask).toBe(200);
    crowd[1]?.socket.destroy();
  });

  it('a crowd beyond that is dropped at once', async () => {
    server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--workers', '1', '--max-connections', '1');
    const crowd = await Promise.all(Array.from({ length: 40 }, open));
    const last = await open();
    expect(await last.answersUntilEnd()).toEqual([]);
    for (const { socket } of crowd) socket.destroy();
    await expect.poll(() => server.status('/livez').catch(() => 0)).toBe(200);
  });
});

describe('--max-pipelined-requests', () => {
  it('those within it are answered in order, the next one is told 429, and the connection ends', async () => {
    server = await SimulatedServer.start(
      { batch_ms: { 1: 100, 8: 100 } },
      ...['--workers', '1', '--max-pipelined-requests', '3'],
    );
    const client = await open();
    client.send(...Array.from({ length: 9 }, (_, n) => predictBytes(onePixelGif(n), `x-request-id: r${n}`)));
    const answers = await client.answersUntilEnd();
    expect(answers.map(({ status, headers }) => [status, headers['x-request-id']])).toEqual([
      [200, 'r0'],
      [200, 'r1'],
      [200, 'r2'],
      [429, 'r3'],
    ]);
    expect(answers.at(-1)?.body).toContain('"code":"too_many_pipelined_requests"');
    expect(await server.metric('servelab_images_total')).toBe(3);
  });

  it('a flood of them on many connections is cut off, and others are served', async () => {
    server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--workers', '1');
    const flood = LIVEZ.repeat(500);
    const clients = await Promise.all(Array.from({ length: 60 }, open));
    const ended = clients.map(({ socket }) => Promise.race([once(socket, 'end'), once(socket, 'close')]));
    for (const client of clients) client.send(flood);
    await Promise.all(ended);
    expect(await server.predict(onePixelGif(2))).toEqual({ status: 200 });
    for (const { socket } of clients) socket.destroy();
  });

  it('more than that, one after the other, are no matter', async () => {
    server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--max-pipelined-requests', '1');
    const client = await open();
    for (let n = 1; n <= 5; n++) {
      client.send(predictBytes(onePixelGif(n)));
      expect((await client.answers(n)).map(({ status }) => status)).toEqual(Array(n).fill(200));
    }
    client.socket.destroy();
  });
});

// With no descriptor left a worker could not be started again, and the server ended: `send is not a function`.
it.skipIf(process.platform !== 'linux')(
  'ulimit -n 128, every descriptor that clients can get taken, and a lost worker: it is replaced',
  async () => {
    const limited = new ServelabProcess(
      ['serve', '--port', '0', '--runtime', 'simulated', '--cost', 'ort-int8', '--workers', '1'],
      {},
      ['bash', '-c', 'ulimit -n 128; exec "$@"', 'bash'],
    );
    try {
      const url = await limited.listening();
      const client = await RawConnection.open(url);
      const crowd = await Promise.all(Array.from({ length: 200 }, () => RawConnection.open(url)));
      const children = `/proc/${limited.pid}/task/${limited.pid}/children`;
      const workers = () => readFileSync(children, 'utf8').split(' ').filter(Boolean).map(Number);
      const [lost = 0] = workers();
      process.kill(lost, 'SIGKILL');
      await expect.poll(workers).not.toContain(lost);
      client.send(predictBytes(onePixelGif(1)));
      expect((await client.answers(1)).map(({ status }) => status)).toEqual([200]);
      for (const { socket } of [client, ...crowd]) socket.destroy();
      limited.signal('SIGTERM');
      expect((await limited.ended()).exitCode).toBe(0);
    } finally {
      await limited.kill();
    }
  },
);
