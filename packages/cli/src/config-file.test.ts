import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TEXT_ENCODINGS } from '../../../test/fixtures/text-encodings.js';
import { readConfigFile } from './config-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(TEXT_ENCODINGS)('a configuration file is read in %s', async (_name, encode) => {
  const path = join(folder, 'servelab.yaml');
  await writeFile(path, encode('serve:\n  port: 8081\n  # größer\n  policy: none\n'));
  expect((await readConfigFile(path)).section('serve')).toEqual({ port: 8081, policy: 'none' });
});

// Found by `make fuzz`: of these the parser tells by other errors than its own, and a stack trace was printed.
it.each([
  ['an alias without its anchor', 'serve: [*none]\n'],
  ['a bracket that is not closed', 'serve: [\n'],
])('%s is an error of the file, with a fix', async (_what, text) => {
  const path = join(folder, 'damaged.yaml');
  await writeFile(path, text);
  await expect(readConfigFile(path)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('damaged.yaml is not valid YAML: '),
    fix: 'Correct that line.',
  });
});

it('says nothing of what is merely odd on the terminal', async () => {
  const warned: unknown[] = [];
  const onWarning = (warning: unknown) => warned.push(warning);
  process.on('warning', onWarning);
  try {
    const path = join(folder, 'odd.yaml');
    await writeFile(path, 'serve:\n  ? [a]\n  : 2\n  port: !!js/function 1\n');
    await readConfigFile(path);
    await new Promise(setImmediate); // warnings are told in the next turn
    expect(warned).toEqual([]);
  } finally {
    process.off('warning', onWarning);
  }
});
