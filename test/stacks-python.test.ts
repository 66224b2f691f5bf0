import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { pythonTool } from './fixtures/python-tool.js';

const STACKS = fileURLToPath(new URL('../stacks', import.meta.url));
/** What ruff looks at, and with which rules: the stacks' own for all. */
const PLACES = {
  'the stacks': [STACKS],
  'test/peers': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('peers/python', import.meta.url)),
  ],
  'test/contract': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('contract/schemathesis', import.meta.url)),
  ],
  'the examples': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('../examples', import.meta.url)),
  ],
  'the images': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('../deploy/docker', import.meta.url)),
  ],
  'the load test of Locust': [
    '--config',
    join(STACKS, 'pyproject.toml'),
    fileURLToPath(new URL('../deploy/locust', import.meta.url)),
    fileURLToPath(new URL('../locustfile.py', import.meta.url)),
  ],
};

const ruff = await pythonTool('lint', 'ruff');

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
