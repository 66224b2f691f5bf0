import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeReports } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServelab } from '../fixtures/run-servelab.js';
import { type SyntheticRunOptions, syntheticRun, writeSyntheticRun } from '../fixtures/synthetic-run.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-compare-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a run in which an image takes so long, and its report. */
async function writtenRun(name: string, imageMs: number, more: Partial<SyntheticRunOptions> = {}) {
  const path = join(folder, name);
  const stacks = [{ name: 'servelab:none', costMs: (n: number) => imageMs * n }];
  const loads = [{ mode: 'closed', concurrency: 8 } as const];
  await writeSyntheticRun(path, syntheticRun({ stacks, loads, ...more }));
  await writeReports(path);
  return path;
}

describe('servelab compare', () => {
  it('lets a change pass that costs nothing, and stops one that does', async () => {
    const [before, same, slower] = [
      await writtenRun('before', 7, { repeatNoise: 0.002 }),
      await writtenRun('same', 7, { seed: 2, repeatNoise: 0.002 }),
      await writtenRun('slower', 8, { seed: 3 }),
    ];
    const passes = await runServelab(['compare', before, same]);
    expect([passes.code, passes.stderr]).toEqual([0, '']);
    expect(passes.stdout).toMatch(/no regression above 5 % in 1 figure, 1 the same\n$/);

    const fails = await runServelab(['compare', before, slower, '--markdown']);
    expect(fails.code).toBe(1);
    expect(fails.stdout).toMatch(/^\*\*regression: 1 of 1 figure/);

    // The report alone will do, and what may be lost is for the user to say.
    const lenient = await runServelab([
      ...['compare', join(before, 'report.json'), join(slower, 'report.json')],
      ...['--max-regression', '40%', '--metric', 'goodput,p95', '--json'],
    ]);
    expect(lenient.code).toBe(0);
    const { rows } = JSON.parse(lenient.stdout).comparison;
    expect(rows.map((row: { metric: { name: string } }) => row.metric.name)).toEqual(['goodput', 'p95']);
  });

  it('stops a run that lacks a stack of the one before, unless told', async () => {
    const costMs = (n: number) => 7 * n;
    const stacks = ['servelab:none', 'servelab:greedy'].map((name) => ({ name, costMs }));
    const before = await writtenRun('two-stacks', 7, { stacks });
    const after = await writtenRun('one-stack', 7);
    const fails = await runServelab(['compare', before, after]);
    expect([fails.code, fails.stderr]).toEqual([1, '']);
    expect(fails.stdout).toMatch(/servelab:greedy \(photographs\) is gone/);
    const asJson = await runServelab(['compare', before, after, '--json']);
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      allowMissing: false,
      comparison: { gone: [{ stack: 'servelab:greedy', load: null }], added: [] },
    });
    const allowed = await runServelab(['compare', before, after, '--allow-missing', '--markdown']);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toContain('- servelab:greedy (photographs) is gone, which was allowed');
    expect((await runServelab(['compare', after, before])).code).toBe(0);
  });

  it('refuses runs of different machines, unless told', async () => {
    const here = await writtenRun('here', 7);
    const there = await writtenRun('there', 7, { manifest: { environment: { cpu_model: 'Other CPU' } } });
    const refused = await runServelab(['compare', here, there]);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/CPU \(none before, Other CPU after\).*fix: .*--unlike/s);
    const told = await runServelab(['compare', here, there, '--unlike']);
    expect(told.code).toBe(0);
    expect(told.stdout).toContain('note: CPU differs: none before, Other CPU after');
  });

  it('says what is wrong with its input', async () => {
    const good = await writtenRun('good', 7);
    const other = await writtenRun('other', 7, {
      loads: [{ mode: 'open', rate_rps: 60, arrivals: 'poisson' }],
    });
    const damaged = join(folder, 'damaged.json');
    await writeFile(damaged, '{"schema_version": 1}');
    const cases: [string[], number, RegExp][] = [
      [[good], 2, /two runs, and 1 is named.*fix: .*RUN_A RUN_B/s],
      [[good, join(folder, 'none')], 2, /none cannot be read \(ENOENT\)/],
      [[good, damaged], 3, /damaged\.json is not a valid report.*servelab report/s],
      [[good, other], 2, /no stack and load in common.*--rates/s],
      [[good, good, '--metric', 'p42'], 2, /p42.*mean, p50/s],
      [[good, good, '--max-regression', 'much'], 2, /--max-regression is "much".*5%/s],
    ];
    for (const [args, code, message] of cases) {
      const finished = await runServelab(['compare', ...args]);
      expect([args, finished.code]).toEqual([args, code]);
      expect(finished.stderr).toMatch(message);
    }
  });
});
