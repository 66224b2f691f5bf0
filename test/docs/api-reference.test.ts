import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../fixtures/checkout.js';

it('the comments of the exports make an API reference without a warning', () => {
  const typedoc = join(CHECKOUT, 'node_modules/.bin/typedoc');
  const { status, stdout, stderr } = spawnSync(typedoc, ['--emit', 'none', '--logLevel', 'Warn'], {
    cwd: CHECKOUT,
    encoding: 'utf8',
  });
  // Warnings are errors there: see typedoc.json.
  expect(stdout + stderr).toBe('');
  expect(status).toBe(0);
});
