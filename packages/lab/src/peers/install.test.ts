import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EXIT, UserError } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environmentPlace, pythonOf } from './environment.js';
import { findPythonTools } from './find-python.js';
import { type InstallEvent, install } from './install.js';
import { makeTinyPackage, pathOf, whereIs } from './tiny-package.fixture.js';

const DEADLINE_MS = 30_000;
const { python } = await findPythonTools(process.env, new AbortController().signal);
const uv = await whereIs('uv');

let cache: string;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-install-'));
  cache = join(folder, 'cache');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Installs with what one folder offers for a PATH. */
async function installTiny(
  tiny: { lockPath: string; environment: Readonly<Record<string, string>> },
  bin: string,
  signal = new AbortController().signal,
) {
  const events: InstallEvent[] = [];
  const installed = await install({
    name: 'tiny',
    lockPath: tiny.lockPath,
    environment: { ...tiny.environment, PATH: bin, SERVELAB_CACHE_DIR: cache },
    signal,
    showProgress: false,
    onEvent: (event) => events.push(event),
  });
  return { installed, events };
}

const left = async () => await readdir(join(cache, 'stacks'));

describe.each<[installer: string, tool: string | null]>([
  ['uv', uv],
  ['pip', ''],
])('installing with %s', (installer, tool) => {
  const missing =
    python === null ? 'Python 3.11 is not installed' : tool === null ? 'uv is not installed' : null;
  const programs = [python?.path ?? '', ...(tool ? [tool] : [])];

  it('makes an environment of what the lock names, once', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const tiny = await makeTinyPackage(folder, python?.path ?? '');
    const bin = await pathOf(folder, programs);
    const { installed, events } = await installTiny(tiny, bin);
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'installed']);
    expect(installed.stamp).toMatchObject({ python: python?.version, name: 'tiny' });
    expect(installed.stamp.installer).toContain(installer);
    const { stdout } = await promisify(execFile)(pythonOf(installed.folder), [
      '-c',
      'import tiny_answer; print(tiny_answer.ANSWER)',
    ]);
    expect(stdout).toBe('42\n');
    expect(await left()).toHaveLength(1);

    const again = await installTiny(tiny, bin);
    expect(again).toEqual({ installed, events: [] });
  });

  it('refuses a package with another hash, and leaves nothing', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const tiny = await makeTinyPackage(folder, python?.path ?? '', '0'.repeat(64));
    const failing = installTiny(tiny, await pathOf(folder, programs));
    await expect(failing).rejects.toMatchObject({
      exitCode: EXIT.environment,
      fix: expect.stringContaining('another file than the lock names'),
    });
    expect(await left()).toEqual([]);
  });
});

describe('an environment that somebody else works at', () => {
  const missing = python === null ? 'Python 3.11 is not installed' : null;
  const programs = [python?.path ?? '', ...(uv === null ? [] : [uv])];

  it('is done by one of two at the same time; both have it', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const tiny = await makeTinyPackage(folder, python?.path ?? '');
    const bin = await pathOf(folder, programs);
    const both = await Promise.all([installTiny(tiny, bin), installTiny(tiny, bin)]);
    expect(both[0].installed).toEqual(both[1].installed);
    const kinds = both.map(({ events }) => events.map(({ kind }) => kind).join(' ')).sort();
    expect(kinds).toEqual(['started installed', 'waiting']);
  });

  it('begins again where one was killed half way', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const tiny = await makeTinyPackage(folder, python?.path ?? '');
    const place = await environmentPlace('tiny', { SERVELAB_CACHE_DIR: cache }, tiny.lockPath);
    await mkdir(place.folder, { recursive: true });
    await writeFile(join(place.folder, 'half'), '');
    const { installed } = await installTiny(tiny, await pathOf(folder, programs));
    expect(await readdir(installed.folder)).not.toContain('half');
  });
});

describe('installing without the means', () => {
  it('names what is missing where there is no Python', async () => {
    const lockPath = await anyLock();
    const error = await installTiny({ lockPath, environment: {} }, await pathOf(folder, [])).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      exitCode: EXIT.environment,
      message: expect.stringContaining('no Python 3.11'),
    });
    expect((error as UserError).fix).toContain('uv');
    expect(await left()).toEqual([]);
  });

  it('shows what a failing installer said, and what to do', async () => {
    const bin = await fakePython('echo "ensurepip is not available" >&2; exit 1');
    const failing = installTiny({ lockPath: await anyLock(), environment: {} }, bin);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('ensurepip is not available'),
      fix: expect.stringContaining('python3.11-venv'),
    });
    expect(await left()).toEqual([]);
  });

  it('ends the installer and removes what it made when it is interrupted', async () => {
    const started = join(folder, 'started');
    const bin = await fakePython(`/bin/mkdir -p "$3/half"; echo $$ > ${started}; exec /bin/sleep 600`);
    const interruption = new AbortController();
    const running = installTiny({ lockPath: await anyLock(), environment: {} }, bin, interruption.signal);
    const ended = expect(running).rejects.toBe('SIGINT');
    const deadline = performance.now() + DEADLINE_MS;
    while (!existsSync(started) && performance.now() < deadline) await delay(10);
    const [half = ''] = (await left()).filter((name) => !name.endsWith('.lock'));
    expect(await readdir(join(cache, 'stacks', half))).toEqual(['half']);
    interruption.abort('SIGINT');
    await ended;
    expect(await left()).toEqual([]);
  });
});

async function anyLock(): Promise<string> {
  const lockPath = join(folder, 'requirements.lock');
  await writeFile(lockPath, '');
  return lockPath;
}

/** A PATH with a Python 3.11 that says its version, and for `-m venv FOLDER` does what is given. */
async function fakePython(venv: string): Promise<string> {
  const bin = await pathOf(folder, []);
  const path = join(bin, 'python3.11');
  await writeFile(path, `#!/bin/sh\nif [ "$1" = -c ]; then echo 3.11.0; echo ${path}; exit; fi\n${venv}\n`);
  await chmod(path, 0o755);
  return bin;
}
