import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '@servelab/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEXT_ENCODINGS } from '../../../../test/fixtures/text-encodings.js';
import { COST_TABLE_NAMES, readCostTable } from './cost-table.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'servelab-cost-'));
});
afterAll(() => rm(directory, { recursive: true }));

const fileWith = async (text: string | Buffer) => {
  const path = join(directory, 'cost.json');
  await writeFile(path, text);
  return path;
};

describe('readCostTable', () => {
  it.each(COST_TABLE_NAMES)('knows %s by name', async (name) => {
    const { costMs, occupies } = await readCostTable(name);
    expect(occupies).toBe('cpu');
    expect(costMs).toHaveLength(16);
    expect(costMs.every((ms) => ms > 0)).toBe(true);
  });

  it('reads a file and fills the sizes between', async () => {
    const path = await fileWith('{"name":"mine","occupies":"device","batch_ms":{"1":10,"3":20}}');
    expect(await readCostTable(path)).toEqual({ name: 'mine', occupies: 'device', costMs: [10, 15, 20] });
  });

  it.each(TEXT_ENCODINGS)('reads a file in %s', async (_name, encode) => {
    const path = await fileWith(encode('{"name":"größer",\n"occupies":"device","batch_ms":{"1":10}}'));
    expect(await readCostTable(path)).toMatchObject({ name: 'größer', costMs: [10] });
  });

  it.each<[name: string, text: string, message: RegExp]>([
    ['no JSON', 'hello', /is not JSON/],
    ['no cost for one image', '{"name":"a","occupies":"cpu","batch_ms":{"2":10}}', /batch_ms.*batch of 1/],
    ['a size of 0', '{"name":"a","occupies":"cpu","batch_ms":{"0":10,"1":1}}', /batch_ms.0/],
    ['a negative cost', '{"name":"a","occupies":"cpu","batch_ms":{"1":-10}}', /batch_ms.1/],
    ['an unknown resource', '{"name":"a","occupies":"gpu","batch_ms":{"1":10}}', /occupies/],
    ['a misspelt key', '{"name":"a","occupies":"cpu","batchMs":{"1":10}}', /wrong at/],
  ])('refuses %s and says where', async (_name, text, message) => {
    const path = await fileWith(text);
    await expect(readCostTable(path)).rejects.toMatchObject({
      name: 'UserError',
      exitCode: EXIT.usage,
      message: expect.stringMatching(message),
    });
  });

  it('names the tables there are when neither a table nor a file is meant', async () => {
    await expect(readCostTable('keras-predit')).rejects.toMatchObject({
      exitCode: EXIT.environment,
      fix: expect.stringContaining('keras-predict'),
    });
  });
});
