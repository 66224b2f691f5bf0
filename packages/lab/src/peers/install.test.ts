import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, UserError } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environmentPlace, pythonOf } from './environment.js';
import { FAKE_PYTHON_VERSION, FAKE_UV_VERSION, FakeBin, type FakeTools } from './fake-tools.fixture.js';
import { type InstallEvent, install } from './install.js';
import { makeTinyPackage, REAL_INSTALLERS } from './tiny-package.fixture.js';

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

// issue 15, point 16: what is used, whatever this machine has.
describe('the installer', () => {
  const PYTHON = { hasUv: false };
  const UV = ['venv', 'pip install'];

  it.each<[situation: string, tools: FakeTools, installer: string, by: string, steps: string[]]>([
    ['uv from its own installer', { python: PYTHON, uv: 'runs' }, 'uv', 'uv', UV],
    ['uv that pip put into this very Python', { python: { hasUv: true } }, 'uv', 'python3.11 -P -m uv', UV],
    ['a uv that does not run, and pip', { python: PYTHON, uv: 'fails' }, 'pip', '', []],
    ['no uv, but pip', { python: PYTHON }, 'pip', '', []],
  ])('is %s', async (_situation, tools, installer, by, steps) => {
    const bin = await FakeBin.create(folder, tools);
    const { installed } = await installTiny({ lockPath: await anyLock(), environment: {} }, bin.path);
    expect(installed.stamp).toMatchObject({
      python: FAKE_PYTHON_VERSION,
      installer: installer === 'uv' ? `uv ${FAKE_UV_VERSION}` : 'pip',
    });
    const calls = (await bin.calls()).filter((call) => / (venv|install) /.test(call));
    if (installer === 'pip') {
      expect(calls).toEqual([
        `python3.11 -m venv ${installed.folder}`,
        expect.stringMatching(/^\S+\/bin\/python -m pip install .*--require-hashes -r \S+$/),
      ]);
    } else {
      expect(calls).toEqual(steps.map((step) => expect.stringMatching(new RegExp(`^${by} ${step} `))));
    }
  });

  it('is uv without a Python, which it fetches', async () => {
    const bin = await FakeBin.create(folder, { uv: 'runs' });
    const { installed } = await installTiny({ lockPath: await anyLock(), environment: {} }, bin.path);
    expect(installed.stamp).toMatchObject({ python: '3.11', installer: `uv ${FAKE_UV_VERSION}` });
    expect((await bin.calls()).at(-2)).toMatch(/^uv venv .*--python 3\.11 /);
  });
});

describe.each(REAL_INSTALLERS)('installing for real with $name', ({ name, missing, python, makeBin }) => {
  it('makes an environment of what the lock names, once', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const tiny = await makeTinyPackage(folder, python);
    const bin = await makeBin(folder);
    const { installed, events } = await installTiny(tiny, bin);
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'installed']);
    expect(installed.stamp).toMatchObject({ python: expect.stringMatching(/^3\.11\./), name: 'tiny' });
    expect(installed.stamp.installer).toContain(name);
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
    const tiny = await makeTinyPackage(folder, python, '0'.repeat(64));
    const failing = installTiny(tiny, await makeBin(folder));
    await expect(failing).rejects.toMatchObject({
      exitCode: EXIT.environment,
      fix: expect.stringContaining('another file than the lock names'),
    });
    expect(await left()).toEqual([]);
  });
});

describe('an environment that somebody else works at', () => {
  const tools = { python: { hasUv: false } };

  it('is done by one of two at the same time; both have it', async () => {
    const { path } = await FakeBin.create(folder, tools);
    const tiny = { lockPath: await anyLock(), environment: {} };
    const both = await Promise.all([installTiny(tiny, path), installTiny(tiny, path)]);
    expect(both[0].installed).toEqual(both[1].installed);
    const kinds = both.map(({ events }) => events.map(({ kind }) => kind).join(' ')).sort();
    expect(kinds).toEqual(['started installed', 'waiting']);
  });

  it('begins again where one was killed half way', async () => {
    const { path } = await FakeBin.create(folder, tools);
    const tiny = { lockPath: await anyLock(), environment: {} };
    const place = await environmentPlace('tiny', { SERVELAB_CACHE_DIR: cache }, tiny.lockPath);
    await mkdir(place.folder, { recursive: true });
    await writeFile(join(place.folder, 'half'), '');
    const { installed } = await installTiny(tiny, path);
    expect(await readdir(installed.folder)).not.toContain('half');
  });
});

describe('installing without the means', () => {
  it('names what is missing where there is no Python', async () => {
    const { path } = await FakeBin.create(folder, {});
    const error = await installTiny({ lockPath: await anyLock(), environment: {} }, path).catch(
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
    const venv = 'echo "ensurepip is not available" >&2; exit 1';
    const { path } = await FakeBin.create(folder, { python: { hasUv: false }, venv });
    const failing = installTiny({ lockPath: await anyLock(), environment: {} }, path);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('ensurepip is not available'),
      fix: expect.stringContaining('python3.11-venv'),
    });
    expect(await left()).toEqual([]);
  });

  it('ends the installer and removes what it made when it is interrupted', async () => {
    const started = join(folder, 'started');
    const venv = `mkdir -p "$folder/half"; echo $$ >"${started}"; exec sleep 600`;
    const { path } = await FakeBin.create(folder, { python: { hasUv: false }, venv });
    const interruption = new AbortController();
    const running = installTiny({ lockPath: await anyLock(), environment: {} }, path, interruption.signal);
    const ended = expect(running).rejects.toBe('SIGINT');
    await expect.poll(() => existsSync(started)).toBe(true);
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
