import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRecords } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServelab } from '../fixtures/run-servelab.js';

const SERVER = fileURLToPath(new URL('../fixtures/faulty-server.mjs', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-seed-'));
  const command = JSON.stringify([process.execPath, SERVER, 'none', '{port}']);
  const url = 'http://127.0.0.1:{port}/predict';
  await writeFile(
    join(folder, 'servelab.yaml'),
    `stacks:\n  mine: {command: ${command}, url: '${url}', body: raw, expect: none}\n`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function bench(out: string, seed: string): Promise<string> {
  const brief = [
    '--repeats',
    '2',
    '--warmup',
    '200ms',
    '--duration',
    '600ms',
    '--levels',
    '2',
    '--rates',
    '100',
  ];
  const stack = ['--stacks', 'mine', '--workloads', 'photographs'];
  const args = ['bench', ...stack, ...brief, '--seed', seed, '--out', out];
  const { code, stderr } = await runServelab(args, { cwd: folder });
  expect(code, stderr).toBe(0);
  return join(folder, out);
}

/** Of each point's measured requests, as they were due: when, us from the first, and with which image. */
async function plans(run: string) {
  const plan: Record<string, { dueUs: number[]; images: number[] }> = {};
  for (const file of await readdir(join(run, 'records'))) {
    // How many a closed loop sends while it warms up, the seed does not decide.
    const records = (await readRecords(join(run, 'records', file))).filter(
      ({ phase }) => phase === 'measured',
    );
    const fromUs = records[0]?.scheduled ?? 0;
    plan[file] = {
      dueUs: records.map(({ scheduled }) => scheduled - fromUs),
      images: records.map(({ image }) => image),
    };
  }
  return plan;
}

describe('a run and its seed', () => {
  let run: string;
  beforeAll(async () => {
    run = await bench('first', '7');
  });

  it('has the same schedules and orders of images again, and others with another seed', async () => {
    const first = await plans(run);
    const again = await plans(await bench('again', '7'));
    const other = await plans(await bench('other', '8'));
    expect(Object.keys(first).length).toBe(4);
    for (const [file, one] of Object.entries(first)) {
      const [same, different] = [again[file], other[file]];
      const open = file.includes('open');
      // A closed loop sends as many as are answered; those that both runs sent are the same.
      const count = open ? one.images.length : Math.min(one.images.length, same?.images.length ?? 0);
      expect(count).toBeGreaterThan(4);
      expect(same?.images.slice(0, count)).toEqual(one.images.slice(0, count));
      expect(different?.images.slice(0, count)).not.toEqual(one.images.slice(0, count));
      if (!open) continue;
      expect(same?.images.length).toBe(count);
      // The very same moments after the start, which records have in whole microseconds.
      const apartUs = one.dueUs.map((dueUs, n) => Math.abs(dueUs - (same?.dueUs[n] ?? Number.NaN)));
      expect(Math.max(...apartUs)).toBeLessThanOrEqual(1);
    }
  });

  it('has the same report again from its records', async () => {
    const before = await readFile(join(run, 'report.json'), 'utf8');
    await rm(join(run, 'report.json'));
    const { code, stderr } = await runServelab(['report', run]);
    expect(code, stderr).toBe(0);
    expect(await readFile(join(run, 'report.json'), 'utf8')).toBe(before);
  });
});
