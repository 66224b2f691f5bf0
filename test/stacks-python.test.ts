import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '@servelab/core';
import { install } from '@servelab/lab';
import { expect, it } from 'vitest';

const STACKS = fileURLToPath(new URL('../stacks', import.meta.url));

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
  it(`the Python of the stacks is ${state}`, async ({ skip }) => {
    if ('missing' in ruff) return skip(ruff.missing);
    // Its complaints are on standard output: they are the message of the failure.
    const said = await promisify(execFile)(ruff.path, [...words, '--no-cache', STACKS]).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    );
    expect(said).toBe('');
  });
}
