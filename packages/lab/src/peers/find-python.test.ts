import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAKE_PYTHON_VERSION, FAKE_UV_VERSION, FakeBin, type FakeTools } from './fake-tools.fixture.js';
import { findPythonTools } from './find-python.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-find-python-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ITS_OWN = { hasUv: true };
const PLAIN = { hasUv: false };

describe('the installer of Python environments', () => {
  it.each<[situation: string, tools: FakeTools, command: string[] | null]>([
    ['is uv on the PATH, from its own installer', { uv: 'runs', python: PLAIN }, ['uv']],
    ['is uv on the PATH, where pip put it beside Python', { uv: 'runs', python: ITS_OWN }, ['uv']],
    // issue 15, point 16
    [
      'is uv as a module, where its program is not on the PATH',
      { python: ITS_OWN },
      ['python3.11', '-P', '-m', 'uv'],
    ],
    [
      'is uv as a module, where what is called uv on the PATH does not run',
      { uv: 'fails', python: ITS_OWN },
      ['python3.11', '-P', '-m', 'uv'],
    ],
    ['is pip, where what is called uv on the PATH does not run', { uv: 'fails', python: PLAIN }, null],
    ['is pip, where there is no uv', { python: PLAIN }, null],
  ])('%s', async (_situation, tools, command) => {
    const bin = await FakeBin.create(folder, tools);
    const found = await findPythonTools({ PATH: bin.path }, new AbortController().signal);
    expect(found.python).toEqual({ version: FAKE_PYTHON_VERSION, path: join(bin.path, 'python3.11') });
    const uv = found.uv && {
      ...found.uv,
      command: found.uv.command.map((word) => word.replace(`${bin.path}/`, '')),
    };
    expect(uv).toEqual(command && { version: FAKE_UV_VERSION, command });
  });

  it('is uv without a Python, where there is none; it knows its own', async () => {
    const { path } = await FakeBin.create(folder, { uv: 'runs', keptPython: join(folder, 'bin', '.python') });
    const found = await findPythonTools({ PATH: path }, new AbortController().signal);
    expect(found).toEqual({
      python: { version: FAKE_PYTHON_VERSION, path: join(path, '.python') },
      uv: { version: FAKE_UV_VERSION, command: ['uv'] },
    });
  });

  it('is uv, which may fetch a Python, where there is none at all', async () => {
    const { path } = await FakeBin.create(folder, { uv: 'runs' });
    const found = await findPythonTools({ PATH: path }, new AbortController().signal);
    expect(found).toEqual({ python: null, uv: { version: FAKE_UV_VERSION, command: ['uv'] } });
  });

  it('is none, where there is nothing', async () => {
    const { path } = await FakeBin.create(folder, {});
    const found = await findPythonTools({ PATH: path }, new AbortController().signal);
    expect(found).toEqual({ python: null, uv: null });
  });
});
