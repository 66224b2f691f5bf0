import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { visibleText } from '@servelab/core';
import { pointSchema } from '@servelab/core/report-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IMAGES } from '../fixtures/images.js';
import { runServelab } from '../fixtures/run-servelab.js';

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const NOT_LINUX =
  process.platform === 'linux' ? null : 'processes are looked at in /proc, which only Linux has';
const MACAW = { predictions: [{ class_id: 88, class_name: 'macaw', confidence: 0.9 }] };

let folder: string;
let image: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-hostile-'));
  image = join(folder, 'image.jpg');
  await writeFile(image, IMAGES.jpeg);
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer((request, response) => {
    request.resume().on('end', () => listener(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const BRIEF = ['--concurrency', '2', '--warmup', '0', '--duration', '300ms'];
const load = (url: string, ...args: readonly string[]) =>
  runServelab(['load', url, '--image', image, ...BRIEF, ...args], { cwd: folder });

/** Everything in the files below a folder. */
async function contentOf(path: string): Promise<string> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return (
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')))
  ).join();
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Zombies have ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Looks until it is so; the test's own time-out ends it otherwise. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('wrong answers', () => {
  // loadtest#108, vegeta#88: a count alone sends people to look for a fault in the wrong place.
  it('are explained, each kind with its first example', async () => {
    let next = 0;
    const host = await serve((_request, response) => {
      const kinds: (() => void)[] = [
        () => response.end(JSON.stringify(MACAW)),
        () => response.end('<!doctype html>'),
        () => response.writeHead(302, { location: '/login?token=secret' }).end(),
        () => response.writeHead(429).end('{"code": "queue_full"}'),
        () => response.writeHead(500).end('{"code": "inference_failed"}'),
      ];
      kinds[next++ % kinds.length]?.();
    });
    const { stdout } = await load(`http://${host}/`, '--expect', '5');
    expect(stdout).toMatch(/^error +\d+ x class 88 first, not 5\n +first at \d+\.\d\d s, image\.jpg$/m);
    expect(stdout).toMatch(/^error +\d+ x no JSON \(HTML\)$/m);
    expect(stdout).toMatch(/^error +\d+ x HTTP 302 to \/login$/m);
    expect(stdout).toMatch(/^error +\d+ x HTTP 429\n +first at .*: \{"code": "queue_full"\}$/m);
    expect(stdout).toMatch(/^error +\d+ x HTTP 500\n +first at .*: \{"code": "inference_failed"\}$/m);
    expect(stdout).not.toContain('secret');

    const point = pointSchema.parse(
      JSON.parse((await load(`http://${host}/`, '--expect', '5', '--json')).stdout),
    );
    for (const outcome of ['wrong', 'rejected', 'failed'] as const) {
      const explained = point.errors?.filter((error) => error.outcome === outcome) ?? [];
      expect(explained.reduce((sum, { count }) => sum + count, 0)).toBe(point.counts[outcome]);
    }
    const ladder = await load(`http://${host}/`, '--expect', '5', '--ladder', '1,2', '--concurrency', '1');
    expect(ladder.code).toBe(2);
    const climbed = await runServelab(
      [
        'load',
        `http://${host}/`,
        '--image',
        image,
        '--warmup',
        '0',
        '--duration',
        '300ms',
        '--ladder',
        '1,2',
      ],
      { cwd: folder },
    );
    expect(climbed.stdout).toMatch(/^2 users: \d+ x HTTP 429, such as \{"code": "queue_full"\}$/m);
  });

  it('never make a terminal, a document or a file do anything', async () => {
    const hostile = '\u001b]0;owned\u0007\u009b2J\u202e';
    const host = await serve((_request, response) => response.end(JSON.stringify({ label: hostile })));
    for (const form of [[], ['--json']]) {
      const out = join(folder, 'kept');
      const check = ['--expect-path', '$.label', '--expect', 'cat'];
      const { stdout, stderr } = await load(`http://${host}/`, ...check, '--out', out, ...form);
      expect(stdout).toContain('owned');
      for (const text of [stdout, stderr, await contentOf(out)]) expect(visibleText(text)).toBe(text);
    }
  });
});

describe('credentials in a URL', () => {
  const PASSWORD = 's%40cret-word';
  const AUTHORIZATION = `Basic ${Buffer.from('me:s@cret-word').toString('base64')}`;

  // autocannon#213
  it('are sent, and are nowhere else', async ({ skip }) => {
    if (NOT_LINUX !== null) skip(NOT_LINUX);
    const seen = new Set<string | undefined>();
    const commands = new Set<string>();
    const host = await serve(({ headers }, response) => {
      seen.add(headers.authorization);
      for (const child of childrenOf(process.pid)) {
        for (const grandchild of childrenOf(child)) {
          commands.add(readFileSync(`/proc/${grandchild}/cmdline`, 'utf8'));
        }
      }
      response.end('{}');
    });
    const url = `http://me:${PASSWORD}@${host}/{{image_name}}`;
    const out = join(folder, 'kept');
    const ended = [
      await load(url, '--out', out),
      await load(url, '--out', out, '--json'),
      await load(url, '--print-config'),
      await runServelab(['load', '--print-config'], { environment: { SERVELAB_URL: url }, cwd: folder }),
      await load(`http://me:${PASSWORD}@127.0.0.1:1/`),
      await load(`ftp://me:${PASSWORD}@${host}/`),
      await load(`http://me:${PASSWORD}@127.0.0.1:99999/`),
      await load(`http://me:${PASSWORD}%zz@${host}/`),
    ];
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 3, 2, 2, 2]);
    expect(seen).toEqual(new Set([AUTHORIZATION]));
    expect(commands.size).toBeGreaterThan(0);
    const said = [
      ...ended.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      await contentOf(out),
      ...commands,
    ];
    for (const text of said) expect(text).not.toMatch(/cret-word|bWU6/);
    expect(ended[0]?.stdout).toContain(`target      http://${host}/{{image_name}}`);
  });

  it('give way to a header that says otherwise', async () => {
    const seen = new Set<string | undefined>();
    const host = await serve(({ headers }, response) => {
      seen.add(headers.authorization);
      response.end('{}');
    });
    const { code } = await load(`http://me:${PASSWORD}@${host}/`, '--header', 'Authorization: Bearer token');
    expect(code).toBe(0);
    expect(seen).toEqual(new Set(['Bearer token']));
  });
});

describe('a signal', () => {
  /** A load of a minute, as the leader of a group. */
  function start(
    url: string,
    ...args: readonly string[]
  ): { child: ChildProcess; ended: Promise<number | null> } {
    const words = [
      MAIN,
      'load',
      url,
      '--image',
      image,
      '--concurrency',
      '2',
      '--warmup',
      '0',
      '--duration',
      '60s',
    ];
    const child = spawn(process.execPath, [...words, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: folder,
    });
    child.stdout?.resume();
    const ended = once(child, 'close').then(([code]) => code as number | null);
    return { child, ended };
  }

  it('that comes again ends everything at once, also a driver that does not move', async ({ skip }) => {
    if (NOT_LINUX !== null) skip(NOT_LINUX);
    const host = await serve((_request, response) => response.end('{}'));
    const { child, ended } = start(`http://${host}/`);
    await once(child.stderr ?? child, 'data');
    const [driver = 0] = childrenOf(child.pid ?? 0);
    process.kill(driver, 'SIGSTOP');
    // As somebody does who wants to be rid of it.
    const again = setInterval(() => child.kill('SIGINT'), 100);
    expect(await ended).toBe(130);
    clearInterval(again);
    await until(() => !isRunning(driver));
  });

  it('that kills the command ends its driver as well', async ({ skip }) => {
    if (NOT_LINUX !== null) skip(NOT_LINUX);
    const host = await serve(() => {});
    const { child, ended } = start(`http://${host}/`);
    await once(child.stderr ?? child, 'data');
    const [driver = 0] = childrenOf(child.pid ?? 0);
    expect(isRunning(driver)).toBe(true);
    child.kill('SIGKILL');
    await ended;
    await until(() => !isRunning(driver));
  });

  it('ends the program while it makes images', async () => {
    const environment = { SERVELAB_CACHE_DIR: join(folder, 'cache'), SERVELAB_IMAGE_SOURCE: 'generated' };
    let interrupted = false;
    const { code, stdout } = await runServelab(['images', '--mix', 'phone'], {
      environment,
      onStderr: (_soFar, interrupt) => {
        if (!interrupted) interrupt();
        interrupted = true;
      },
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    // Whole or not at all.
    const made = await readdir(join(folder, 'cache', 'corpus')).catch(() => []);
    expect(made.filter((name) => !name.includes('partial'))).toEqual([]);
  });
});

describe('a disk that takes no more', () => {
  async function keepsTable(out: string, reason: string): Promise<void> {
    const host = await serve((_request, response) => response.end('{}'));
    const { code, stdout, stderr } = await load(`http://${host}/`, '--out', out);
    expect(stdout).toMatch(/^requests +scheduled (\d+), ok \1$/m);
    expect(stdout).toMatch(/^latency ms +\d/m);
    expect(stderr).toMatch(
      new RegExp(`not written to .*: records\\.ndjson \\(${reason}\\), point\\.json \\(${reason}\\)`),
    );
    expect(code).toBe(3);
  }

  it('costs the files, and not the table', async ({ skip }) => {
    const out = join(folder, 'small');
    await mkdir(out);
    const mounted = spawnSync('sh', ['-c', `mount -t tmpfs -o size=4k,nr_inodes=3 tmpfs '${out}'`]);
    if (mounted.status !== 0) skip('no small disk can be mounted here');
    try {
      // Nothing is left of the one page that there is.
      spawnSync('sh', ['-c', `head -c 4096 /dev/zero > ${join(out, 'full')}`]);
      await keepsTable(out, 'ENOSPC');
    } finally {
      spawnSync('sh', ['-c', `umount '${out}'`]);
    }
  });

  it('is one of the reasons why a file cannot be written', async () => {
    const out = join(folder, 'taken');
    for (const name of ['records.ndjson', 'point.json'])
      await mkdir(join(out, name, 'x'), { recursive: true });
    await keepsTable(out, 'EISDIR');
  });

  it('is said where the result itself finds no room', async ({ skip }) => {
    if (NOT_LINUX !== null) skip('there is no /dev/full');
    const host = await serve((_request, response) => response.end('{}'));
    const words = [process.execPath, MAIN, 'load', `http://${host}/`, '--image', image, ...BRIEF];
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const child = spawn('sh', ['-c', `${quoted} > /dev/full`], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(3);
    expect(said).toContain('error: standard output cannot be written (ENOSPC)');
    expect(said).not.toMatch(/^ {4}at /m);
  });
});
