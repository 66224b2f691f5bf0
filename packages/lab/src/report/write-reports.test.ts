import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportSchema } from '@servelab/core/report-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type SyntheticRunOptions,
  syntheticRun,
  writeSyntheticRun,
} from '../../../../test/fixtures/synthetic-run.js';
import { terminalSummary } from './terminal-summary.js';
import { writeReports } from './write-reports.js';

const options: SyntheticRunOptions = {
  stacks: [
    { name: 'servelab:none@f32', costMs: (n) => 7 * n },
    { name: 'servelab:fixed-window@f32', costMs: (n) => 7 * n, maxBatchSize: 8, windowMs: 10, failEvery: 40 },
  ],
  loads: [
    { mode: 'closed', concurrency: 8 },
    { mode: 'open', rate_rps: 60, arrivals: 'poisson' },
  ],
  repeats: 3,
};

/** Of report.html, with what all stacks share; 15 stacks stay far below the 500 kB that the page may have. */
const BYTES_A_STACK = 26_000;
const manyStacks = (): SyntheticRunOptions['stacks'] =>
  Array.from({ length: 12 }, (_, n) => ({
    name: `servelab:policy-${n}@f32`,
    costMs: (size) => (6 + 0.2 * n) * size,
    maxBatchSize: 8,
  }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-report-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writtenRun(name: string, overrides: Partial<SyntheticRunOptions> = {}): Promise<string> {
  const path = join(folder, name);
  await writeSyntheticRun(path, syntheticRun({ ...options, ...overrides }));
  return path;
}

const text = (...path: string[]) => readFile(join(...path), 'utf8');

describe('writeReports', () => {
  it('writes every form of the report, the same bytes each time', async () => {
    const run = await writtenRun('whole');
    const report = await writeReports(run);
    const files = ['report.json', 'report.md', 'report.html', 'points.csv'];
    const before = await Promise.all(files.map((file) => text(run, file)));
    await writeReports(run);
    expect(await Promise.all(files.map((file) => text(run, file)))).toEqual(before);
    expect(reportSchema.parse(JSON.parse(before[0] ?? '')).verdict).toEqual(report.verdict);
    expect((await readdir(run)).filter((file) => file.includes('partial'))).toEqual([]);
  });

  it('has every picture that the Markdown shows, as a file that stands alone', async () => {
    const run = await writtenRun('pictures');
    await writeReports(run);
    const shown = [...(await text(run, 'report.md')).matchAll(/\(pictures\/([^)]+)\)/g)].map(
      ([, name]) => name ?? '',
    );
    expect(shown.length).toBeGreaterThan(6);
    expect((await readdir(join(run, 'pictures'))).sort()).toEqual([...shown].sort());
    for (const name of shown) {
      const svg = await text(run, 'pictures', name);
      expect(svg).toMatch(/^<svg xmlns=/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('says in the page what it is: one file below 500 kB that loads nothing', async () => {
    const run = await writtenRun('page');
    await writeReports(run);
    const page = await text(run, 'report.html');
    expect(Buffer.byteLength(page)).toBeLessThan(500_000);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page).not.toMatch(/NaN|undefined/);
    expect(page).toContain('failed, status 500');
  });

  it('stays small with many stacks', async () => {
    const run = await writtenRun('many', { stacks: manyStacks(), repeats: 2 });
    await writeReports(run);
    const bytes = Buffer.byteLength(await text(run, 'report.html'));
    expect(bytes / manyStacks().length).toBeLessThan(BYTES_A_STACK);
  });

  it('has no panel that the guide does not explain', async () => {
    const run = await writtenRun('explained');
    await writeReports(run);
    const titles = [...(await text(run, 'report.html')).matchAll(/<h2[^>]*>([^<]+)/g)].map(
      ([, title]) => title,
    );
    const guide = await readFile(new URL('../../../../docs/results-guide.md', import.meta.url), 'utf8');
    expect(titles.length).toBeGreaterThan(8);
    expect(titles.filter((title) => !guide.includes(`**${title}.**`))).toEqual([]);
  });

  it('warns above everything else of synthetic weights and of an interrupted run', async () => {
    const model = { name: 'm', sha256: null, synthetic: true };
    const run = await writtenRun('warned', { manifest: { model, interrupted: true, finished_at: null } });
    await writeReports(run);
    for (const file of ['report.html', 'report.md']) {
      const written = await text(run, file);
      const [warning, interruption, verdict] = [
        'timings are real, answers are not',
        'Interrupted before',
        'not to be relied on',
      ].map((words) => written.indexOf(words));
      expect(warning).toBeGreaterThan(0);
      expect(interruption).toBeGreaterThan(warning ?? 0);
      expect(verdict).toBeGreaterThan(interruption ?? 0);
    }
  });

  it('draws a run of which nothing was measured', async () => {
    const run = await writtenRun('empty', { loads: [] });
    const { verdict } = await writeReports(run);
    expect(verdict.status).toBe('INVALID');
    expect(await text(run, 'report.html')).toContain('Nothing was measured');
  });

  it('does not let a name break the page', async () => {
    const name = '"><script>alert(1)</script>';
    const run = await writtenRun('hostile', { stacks: [{ name, costMs: () => 5 }], repeats: 1 });
    await writeReports(run);
    expect(await text(run, 'report.html')).not.toContain('<script>alert');
  });

  it('names the folder that is no run, and the damaged file with its line', async () => {
    await expect(writeReports(folder)).rejects.toThrow(
      /is not the folder of a run: .*run\.json cannot be read/,
    );
    const run = await writtenRun('damaged');
    const [records = ''] = await readdir(join(run, 'records'));
    const whole = await text(run, 'records', records);
    await writeFile(
      join(run, 'records', records),
      whole.split('\n').with(6, '{"index": 6, "phase"').join('\n'),
    );
    await expect(writeReports(run)).rejects.toThrow(new RegExp(`line 7 of .*${records}`));
    await writeFile(join(run, 'run.json'), '{"schema_version": 1}');
    await expect(writeReports(run)).rejects.toThrow(/run\.json is damaged: run_id/);
  });
});

describe('terminalSummary', () => {
  it('has a table for each load, aligned, with errors', async () => {
    const report = await writeReports(await writtenRun('terminal'));
    const [closed = '', open = ''] = terminalSummary(report).split('\n\n');
    expect(closed).toMatch(/^photographs, 8 at a time +Goodput req\/s/);
    expect(open).toMatch(/servelab:fixed-window@f32 .* \(2\.\d+ %\)$/m);
    expect(Math.max(...open.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});
