import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { errorCode } from './error-code.js';

it('reads the code of a system error', async () => {
  const error = await readFile('/no/such/file').catch((reason: unknown) => reason);
  expect(errorCode(error)).toBe('ENOENT');
});

it.each<[what: string, thrown: unknown]>([
  ['an error without a code', new Error('without')],
  ['a number for a code', new DOMException('aborted', 'AbortError')],
  ['a string', 'ENOENT'],
  ['nothing', null],
  ['undefined', undefined],
])('returns undefined for %s', (_what, thrown) => {
  expect(errorCode(thrown)).toBeUndefined();
});
