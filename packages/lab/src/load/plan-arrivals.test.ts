import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TEXT_ENCODINGS } from '../../../../test/fixtures/text-encodings.js';
import { readTrace } from './plan-arrivals.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-trace-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(TEXT_ENCODINGS)('a trace is read in %s', async (_name, encode) => {
  const path = join(folder, 'trace.csv');
  await writeFile(path, encode('at_s,client\n0.5,a\n0.75,ä\n'));
  expect([...(await readTrace({ path, column: 'at_s' })).momentsUs]).toEqual([0, 250_000]);
});
