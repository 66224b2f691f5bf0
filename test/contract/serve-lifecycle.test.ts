import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@servelab/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { onePixelGif } from '../fixtures/one-pixel-gif.js';
import { predictBytes, RawConnection } from '../fixtures/raw-connection.js';
import { rawRequest } from '../fixtures/request-body.js';
import { ServelabProcess } from '../fixtures/served-process.js';

let folder: string;
const started: ServelabProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-serve-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.kill()));
  await rm(folder, { recursive: true, force: true });
});

function servelab(args: readonly string[], environment?: Record<string, string>): ServelabProcess {
  const server = new ServelabProcess(args, environment);
  started.push(server);
  return server;
}

/** A server whose every batch takes this long without using the processor. */
async function serveSlowly(batchMs: number, ...args: string[]): Promise<ServelabProcess> {
  const cost = join(folder, 'cost.json');
  await writeFile(
    cost,
    JSON.stringify({ name: 'slow', occupies: 'device', batch_ms: { 1: batchMs, 2: batchMs } }),
  );
  const simulated = ['--runtime', 'simulated', '--cost', cost];
  return servelab(['serve', '--port', '0', '--workers', '1', '--max-batch-size', '2', ...simulated, ...args]);
}

const predict = (url: string) => fetch(`${url}/predict`, { method: 'POST', ...rawRequest(IMAGES.jpeg) });
const queuedImages = async (url: string): Promise<number> =>
  ((await (await fetch(`${url}/health`)).json()) as { queued_images: number }).queued_images;

describe('SIGTERM', () => {
  it('answers all that is in flight, lets nobody new in, and exits 0', async () => {
    const server = await serveSlowly(1);
    const url = await server.listening();
    const [worker = 0] = server.workerPids();
    process.kill(worker, 'SIGSTOP');
    const inFlight = Array.from({ length: 8 }, () => predict(url));
    // Two at most are on the worker: all eight have been accepted.
    await expect.poll(() => queuedImages(url)).toBeGreaterThanOrEqual(6);
    server.signal('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/readyz`).catch(() => null))?.status).not.toBe(200);
    process.kill(worker, 'SIGCONT');
    const answers = await Promise.all(inFlight);
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const { exitCode, stderr } = await server.ended();
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('time-out is over');
    await expect(predict(url)).rejects.toThrow();
  });

  // `connection: close` on the first answer would end the connection before the others.
  it.each([
    ['that wait', '0'],
    ['also those that come in the drain delay', '600'],
  ])('answers requests sent ahead on one connection, %s: the last answer ends it', async (_when, delayMs) => {
    const server = await serveSlowly(1500, '--drain-delay-ms', delayMs);
    const url = await server.listening();
    const client = await RawConnection.open(url);
    const ahead = (ids: readonly number[]) =>
      client.send(...ids.map((id) => predictBytes(onePixelGif(id), `x-request-id: r${id}`)));
    ahead([0, 1, 2, 3]);
    // They came in one piece: one that waits says that all are there.
    await expect.poll(() => queuedImages(url)).toBeGreaterThan(0);
    // Routes that answer at once, behind those that do not: their turn to go out comes later.
    client.send('GET /livez HTTP/1.1\r\nhost: a\r\nx-request-id: r4\r\n\r\n');
    server.signal('SIGTERM');
    if (delayMs !== '0') {
      await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
      ahead([5, 6]);
    }
    const answers = await client.answersUntilEnd();
    const ids = delayMs === '0' ? ['r0', 'r1', 'r2', 'r3', 'r4'] : ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6'];
    expect(answers.map(({ status, headers }) => [status, headers['x-request-id']])).toEqual(
      ids.map((id) => [200, id]),
    );
    const connection = answers.map(({ headers }) => headers.connection);
    expect(connection).toEqual([...Array(ids.length - 1).fill('keep-alive'), 'close']);
    expect((await server.ended()).exitCode).toBe(0);
  });

  it('does not wait for connections that were opened and never used', async () => {
    const server = await serveSlowly(1);
    const url = await server.listening();
    const unused = connect(Number(new URL(url).port), '127.0.0.1');
    await once(unused, 'connect');
    server.signal('SIGTERM');
    await once(unused, 'close');
    const { exitCode, stderr } = await server.ended();
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('time-out is over');
  });

  it('says 503 at /readyz at once and serves on for the drain delay', async () => {
    const server = await serveSlowly(1, '--drain-delay-ms', '600000');
    const url = await server.listening();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    server.signal('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await predict(url)).status).toBe(200);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('refuses what is still waiting when the drain time-out is over, and exits 0', async () => {
    const server = await serveSlowly(1, '--drain-timeout-ms', '50');
    const url = await server.listening();
    process.kill(server.workerPids()[0] ?? 0, 'SIGSTOP');
    const inFlight = Array.from({ length: 4 }, () =>
      predict(url).then(
        ({ status }) => status,
        () => 'cut',
      ),
    );
    await expect.poll(() => queuedImages(url)).toBeGreaterThanOrEqual(2);
    server.signal('SIGTERM');
    expect((await Promise.all(inFlight)).filter((status) => status === 503).length).toBeGreaterThanOrEqual(2);
    expect((await server.ended()).exitCode).toBe(0);
  });

  it('ends at once when it comes a second time', async () => {
    const server = await serveSlowly(1, '--drain-delay-ms', '600000');
    const url = await server.listening();
    server.signal('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    // One that follows within 250 ms is taken for the first, passed on by a parent: again until it is a second one.
    let isOver = false;
    const ended = server.ended().finally(() => {
      isOver = true;
    });
    await expect
      .poll(() => {
        if (!isOver) server.signal('SIGTERM');
        return isOver;
      })
      .toBe(true);
    expect((await ended).exitCode).toBe(130);
  });
});

// vllm#18209: Kubernetes sets SERVELAB_PORT to an address in every pod beside a Service named servelab.
it('starts beside a Kubernetes Service of its own name, and says what it ignores', async () => {
  const links = {
    SERVELAB_PORT: 'tcp://10.0.0.1:8080',
    SERVELAB_SERVICE_HOST: '10.0.0.1',
    SERVELAB_SERVICE_PORT: '8080',
    SERVELAB_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
    SERVELAB_PORT_8080_TCP_PROTO: 'tcp',
    SERVELAB_PORT_8080_TCP_PORT: '8080',
    SERVELAB_PORT_8080_TCP_ADDR: '10.0.0.1',
  };
  const { exitCode, stdout, stderr } = await servelab(['serve', '--print-config'], links).ended();
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^warning: SERVELAB_PORT=tcp:\/\/10\.0\.0\.1:8080 is ignored: .*\n$/);
  expect(stdout).toContain('port: 8080  # default; SERVELAB_PORT is a Kubernetes service link and ignored\n');

  const wrong = await servelab(['serve'], { SERVELAB_PORT: '10.0.0.1:8080' }).ended();
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toMatch(/error: SERVELAB_PORT is "10\.0\.0\.1:8080"\nfix: /);
});

it('prints one line on standard output, and the rest beside it', async () => {
  const server = await serveSlowly(1);
  const url = await server.listening();
  server.signal('SIGTERM');
  const { stdout, stderr } = await server.ended();
  expect(stdout).toBe(`listening ${url}\n`);
  expect(stderr).toContain(`${url}/docs`);
  expect(stderr).toContain('answers mean nothing');
});

it('tells probes that it is starting before the model can answer', async () => {
  // Chosen here: the server's own line comes only when it is ready.
  const port = await freePort();
  const cost = join(folder, 'cost.json');
  await writeFile(cost, JSON.stringify({ name: 'slow start', occupies: 'device', batch_ms: { 1: 10_000 } }));
  servelab(['serve', '--port', `${port}`, '--workers', '1', '--runtime', 'simulated', '--cost', cost]);
  const health = () =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      (response) => response.json(),
      () => null,
    );
  await expect.poll(health).toMatchObject({ status: 'starting' });
});

describe('what keeps it from starting is named, with what to do', () => {
  it('a port in use: exit 3', async () => {
    const url = await (await serveSlowly(1)).listening();
    const port = new URL(url).port;
    const second = servelab(['serve', '--port', port, '--runtime', 'simulated']);
    const { exitCode, stderr } = await second.ended();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(new RegExp(`error: port ${port} .*in use\\nfix: .*--port`));
  });

  it.each<[name: string, args: string[], exitCode: number, words: RegExp]>([
    ['an unknown flag', ['--colour', 'red'], 2, /error: .*--colour.*\nfix: /],
    ['a value out of bounds', ['--max-batch-size', '0'], 2, /error: --max-batch-size is "0"\nfix: .*1 to/],
    [
      'a --cors-origin with a path',
      ['--cors-origin', 'https://a.example/page'],
      2,
      /error: .*page.*\nfix: .*https:/,
    ],
    ['an unknown policy', ['--policy', 'magic'], 2, /error: there is no policy "magic"\nfix: .*greedy/],
    [
      'a configuration file that is not there',
      ['--config', 'nowhere.yaml'],
      3,
      /error: .*nowhere.yaml.*\nfix: /,
    ],
    [
      'a host that is not this machine',
      ['--host', '192.0.2.1', '--port', '0'],
      3,
      /error: 192.0.2.1 .*\nfix: /,
    ],
    [
      'a host that has no address',
      ['--host', 'no.such.host.invalid', '--port', '0'],
      3,
      /error: .*\nfix: .*--host/,
    ],
    [
      'a cost table that is not there',
      ['--runtime', 'simulated', '--cost', 'no.json', '--port', '0'],
      3,
      /error: /,
    ],
  ])('%s', async (_name, args, exitCode, words) => {
    const ended = await servelab(['serve', ...args]).ended();
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(ended.exitCode).toBe(exitCode);
  });

  it('no model to be had: exit 3, and how to get one', async () => {
    const ended = await servelab(['serve', '--port', '0'], {
      SERVELAB_MODEL_SOURCE: join(folder, 'nothing'),
      SERVELAB_CACHE_DIR: join(folder, 'cache'),
    }).ended();
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toMatch(/error: [\s\S]*fix: [\s\S]*(SERVELAB_MODEL_SOURCE|synthetic)/);
  });
});

it('keeps ONNX Runtime from telling of its use: no file of its telemetry appears', async () => {
  const temporary = join(folder, 'tmp');
  const cache = join(folder, 'cache');
  await mkdir(temporary);
  const server = servelab(['serve', '--port', '0', '--workers', '1', '--synthetic-weights'], {
    TMPDIR: temporary,
    XDG_CACHE_HOME: cache,
    SERVELAB_CACHE_DIR: join(cache, 'servelab'),
  });
  const url = await server.listening();
  expect((await predict(url)).status).toBe(200);
  expect((await readdir(temporary)).filter((name) => name.startsWith('mat-debug'))).toEqual([]);
  expect(await readdir(cache)).toEqual(['servelab']);
});
