import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openModel } from '@servelab/serve';
import { describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { rawRequest } from '../fixtures/request-body.js';
import { runServelab } from '../fixtures/run-servelab.js';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const SERVE = [
  MAIN,
  'serve',
  '--port',
  '0',
  '--runtime',
  'simulated',
  '--cost',
  'ort-int8',
  '--workers',
  '1',
];

const predict = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/predict`, { method: 'POST', ...rawRequest(IMAGES.jpeg) });
  await response.arrayBuffer();
  return response.status;
};

/** Runs `use` against a server that was started in an unusual way. */
async function withServer(
  command: readonly [string, ...string[]],
  stderr: number | 'ignore',
  use: (url: string) => Promise<void>,
): Promise<number | null> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', stderr] });
  if (child.stdout === null) throw new Error('no standard output');
  const exit = once(child, 'exit') as Promise<[number | null]>;
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const url = /^listening (http:\S+)$/.exec((await lines.next()).value ?? '')?.[1];
    if (url === undefined) throw new Error('it does not listen');
    await use(url);
    child.kill('SIGTERM');
    return (await exit)[0];
  } finally {
    child.kill('SIGKILL');
  }
}

describe.skipIf(process.platform !== 'linux')('what runs out', () => {
  it('the disk, for its logs: it serves on and ends in order', async () => {
    const full = openSync('/dev/full', 'w');
    const code = await withServer([process.execPath, ...SERVE, '--access-log'], full, async (url) => {
      for (let n = 0; n < 20; n++) expect(await predict(url)).toBe(200);
    });
    expect(code).toBe(0);
  });

  it('file descriptors: those who are connected are served, and the others once some have left', async () => {
    const limited = ['bash', '-c', 'ulimit -n 200; exec "$@"', 'bash', process.execPath, ...SERVE] as const;
    const code = await withServer([...limited], 'ignore', async (url) => {
      expect(await predict(url)).toBe(200);
      const port = Number(new URL(url).port);
      const crowd: Socket[] = Array.from({ length: 150 }, () =>
        connect(port, '127.0.0.1').on('error', () => {}),
      );
      await Promise.all(
        crowd.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])),
      );
      // The connection of before is kept open and still answers.
      expect(await predict(url)).toBe(200);
      for (const socket of crowd) socket.destroy();
      await expect.poll(() => predict(url)).toBe(200);
      await Promise.all(Array.from({ length: 10 }, async () => expect(await predict(url)).toBe(200)));
    });
    expect(code).toBe(0);
  });
});

it('a model that was damaged in the cache: exit 3, and what to do', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'servelab-broken-'));
  try {
    const environment = { SERVELAB_CACHE_DIR: cache };
    const { graphPath } = await openModel('mobilenet-v2', 'f32', { synthetic: 'always', environment });
    await truncate(graphPath, 100_000);
    const finished = await runServelab(['serve', '--port', '0', '--synthetic-weights'], { environment });
    expect(finished.code).toBe(3);
    expect(finished.stderr).toMatch(/error: .*changed since it was made\nfix: /);
  } finally {
    await rm(cache, { recursive: true });
  }
});

it('a clock that steps changes nothing: the server reads the monotonic one only', async () => {
  const sources = fileURLToPath(new URL('../../packages/serve/src', import.meta.url));
  const readers: string[] = [];
  for (const name of await readdir(sources, { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    if (/Date\.now|new Date\(/.test(await readFile(join(sources, name), 'utf8'))) readers.push(name);
  }
  expect(readers).toEqual([]);
});
