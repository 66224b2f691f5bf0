import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_COUNTS, UserError } from '@servelab/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertConserved, count } from './conservation.js';
import { readRecords } from './record-reader.js';
import { writeRecords } from './record-writer.js';
import type { RequestRecord } from './request-record.js';

const record = (index: number): RequestRecord => ({
  index,
  phase: 'measured',
  scheduled: index * 1000,
  fired: index * 1000 + 2,
  acquired: null,
  sent: null,
  first_byte: null,
  done: index * 1000 + 9,
  status: null,
  outcome: 'failed',
  checked: false,
  bytes: 0,
  image: 3,
  error: 'ECONNRESET',
});

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-records-'));
  path = join(folder, 'deep', 'records.ndjson');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('records on disk', () => {
  it('come back as they were written, more than one chunk of them', async () => {
    const waited = { ...record(1300), connecting: 1_300_003 };
    const records = [...Array.from({ length: 1300 }, (_, index) => record(index)), waited];
    await writeRecords(path, records);
    expect(await readRecords(path)).toEqual(records);
  });

  it('leave nothing behind when writing them fails', async () => {
    const failing = function* () {
      yield record(0);
      throw new Error('out of luck');
    };
    await expect(writeRecords(path, failing())).rejects.toThrow('out of luck');
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
  });

  it('name the damaged line', async () => {
    await writeRecords(path, [record(0), record(1)]);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"failed"}', '').replace('"bytes":0,', ''));
    const failure = await readRecords(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({ exitCode: 3, message: `line 1 of ${path} is not a request record` });
  });

  it('name a file that is not there', async () => {
    await expect(readRecords(join(folder, 'none'))).rejects.toThrow('(ENOENT)');
  });
});

describe('the conservation law', () => {
  it('holds for what was counted, and is broken by one more or one less', () => {
    const counts = { ...NO_COUNTS };
    for (const outcome of ['ok', 'ok', 'wrong', 'incomplete'] as const) count(counts, outcome);
    expect(counts).toMatchObject({ scheduled: 4, ok: 2, wrong: 1, incomplete: 1 });
    expect(() => assertConserved(counts, 4)).not.toThrow();
    expect(() => assertConserved(counts, 5)).toThrow('conservation law broken');
    expect(() => assertConserved({ ...counts, ok: 1 }, 4)).toThrow('conservation law broken');
  });
});
