import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { seededRandom } from '@servelab/core';
import { afterEach, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { treePeakMib } from '../fixtures/process-tree.js';
import { rawRequest } from '../fixtures/request-body.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

let server: SimulatedServer;
afterEach(() => server.stop());

/** For what comes soon on any machine, but at its own speed. */
const WAIT = { interval: 5, timeout: 60_000 };

describe('clients that leave', () => {
  const waiting = () => server.metric('servelab_queue_images');

  it('a hundred requests abandoned while they wait: none of their images runs', async () => {
    server = await SimulatedServer.start({ batch_ms: { 1: 1 } }, '--workers', '1', '--max-batch-size', '1');
    // The worker stands still until they have left, however long it takes to notice that.
    const [worker = 0] = server.process.workerPids();
    process.kill(worker, 'SIGSTOP');
    // One that waits says that the other one is with the worker.
    const patient = [server.predict(onePixelGif(1)), server.predict(onePixelGif(1, 1))];
    await expect.poll(waiting, WAIT).toBe(1);
    const leaving = new AbortController();
    const abandoned = Array.from({ length: 100 }, (_, n) =>
      fetch(`${server.url}/predict`, {
        method: 'POST',
        ...rawRequest(onePixelGif(2, n)),
        signal: leaving.signal,
      }).then(
        () => 'answered',
        () => 'left',
      ),
    );
    await expect.poll(waiting, WAIT).toBe(101);
    leaving.abort();
    expect(new Set(await Promise.all(abandoned))).toEqual(new Set(['left']));
    await expect.poll(waiting, WAIT).toBe(1);
    process.kill(worker, 'SIGCONT');
    expect(await Promise.all(patient)).toEqual([{ status: 200 }, { status: 200 }]);
    expect(await server.predict(onePixelGif(3))).toEqual({ status: 200 });
    const { batches } = (await server.json('/debug/batches')) as { batches: unknown[] };
    expect(batches).toHaveLength(3);
  });

  it('five hundred that send a byte now and then: the others are served, and they are shown out', async () => {
    server = await SimulatedServer.start(
      { batch_ms: { 1: 1 } },
      '--workers',
      '1',
      '--headers-timeout-ms',
      '1500',
    );
    const port = Number(new URL(server.url).port);
    const loris: Socket[] = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = connect(port, '127.0.0.1').on('error', () => {});
        await once(socket, 'connect');
        socket.write('POST /predict HTTP/1.1\r\nhost: a\r\n');
        return socket;
      }),
    );
    const trickle = setInterval(() => {
      for (const socket of loris) if (socket.writable) socket.write('x');
    }, 100);
    const closed = Promise.all(loris.map((socket) => once(socket.resume(), 'close')));
    for (let n = 0; n < 50; n++) expect(await server.predict(onePixelGif(n))).toEqual({ status: 200 });
    await closed;
    clearInterval(trickle);
    expect(await server.predict(onePixelGif(1))).toEqual({ status: 200 });
  });
});

it('a thousand mutated images: no crash, no 5xx, memory flat', async () => {
  server = await SimulatedServer.start({ batch_ms: { 1: 0.1, 8: 0.2 } }, '--workers', '1');
  const random = seededRandom(1, 'mutations');
  const originals = Object.values(IMAGES);
  const mutated = () => {
    const file = Buffer.from(originals[Math.floor(random() * originals.length)] ?? IMAGES.jpeg);
    const changes = 1 + Math.floor(random() * 8);
    for (let n = 0; n < changes; n++) file[Math.floor(random() * file.length)] = Math.floor(random() * 256);
    return random() < 0.1 ? file.subarray(0, Math.floor(random() * file.length)) : file;
  };
  const statuses = new Map<number, number>();
  const send = async () => {
    for (let n = 0; n < 250; n++) {
      const { status } = await server.predict(mutated());
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await send();
  const afterQuarter = treePeakMib(server.process.pid);
  for (let quarter = 1; quarter < 4; quarter++) await send();
  console.log(`1,000 mutated images: ${JSON.stringify(Object.fromEntries(statuses))}`);
  expect([...statuses.keys()].filter((status) => ![200, 400, 413, 415].includes(status))).toEqual([]);
  expect(await server.metric('servelab_worker_restarts_total')).toBe(0);
  if (process.platform === 'linux') expect(treePeakMib(server.process.pid)).toBeLessThan(afterQuarter + 120);
});

it('SIGTERM under load: every request whose headers were received is answered, and it exits 0', async () => {
  // What was sent together with the signal is received within the delay, for a client cannot tell whether it was.
  const delay = ['--drain-delay-ms', '3000'];
  server = await SimulatedServer.start({ batch_ms: { 1: 200, 8: 400 } }, '--workers', '2', ...delay);
  let stopped = false;
  let unanswered = 0;
  let answered = 0;
  const client = async () => {
    while (!stopped) {
      try {
        const { status } = await server.predict(onePixelGif(7));
        expect(status).toBe(200);
        answered++;
        if (answered === 48) {
          server.process.signal('SIGTERM');
          stopped = true;
        }
      } catch (error) {
        // Refused before it was sent: the port is closed. Anything else was on its way.
        const { code } = ((error as Error).cause ?? {}) as { code?: string };
        if (code !== 'ECONNREFUSED') unanswered++;
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: 24 }, client));
  expect(unanswered).toBe(0);
  expect((await server.process.ended()).exitCode).toBe(0);
});
