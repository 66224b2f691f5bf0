import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '@servelab/core';
import { install } from '@servelab/lab';
import { expect, it } from 'vitest';

const STACKS = fileURLToPath(new URL('../stacks', import.meta.url));
/** What ruff looks at, and with which rules: the stacks' own for all. */
const PLACES = {
  'the stacks': [STACKS],
  'test/peers': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('peers/python', import.meta.url)),
  ],
  'the examples': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('../examples', import.meta.url)),
  ],
  'the load test of Locust': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('../deploy/locust', import.meta.url)),
    fileURLToPath(new URL('../locustfile.py', import.meta.url)),
  ],
};

/** From a lock of its own, into the cache, once; or the reason why there is none. */
async function obtainRuff(): Promise<{ path: string } | { missing: string }> {
  try {
    const { folder } = await install({
      name: 'lint',
      environment: process.env,
      signal: new AbortController().signal,
      showProgress: false,
      onEvent: () => {},
    });
    return { path: join(folder, 'bin', 'ruff') };
  } catch (error) {
    if (error instanceof UserError) return { missing: `ruff: ${error.message.split('\n')[0]}` };
    throw error;
  }
}

const ruff = await obtainRuff();

for (const [state, words] of [
  ['free of lint', ['check']],
  ['formatted', ['format', '--check']],
] as const) {
  for (const [place, where] of Object.entries(PLACES)) {
    it(`the Python of ${place} is ${state}`, async ({ skip }) => {
      if ('missing' in ruff) return skip(ruff.missing);
      // Its complaints are on standard output: they are the message of the failure.
      const said = await promisify(execFile)(ruff.path, [...words, '--no-cache', ...where]).then(
        () => '',
        ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
      );
      expect(said).toBe('');
    });
  }
}
