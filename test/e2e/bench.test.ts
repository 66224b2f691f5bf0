import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@servelab/core';
import { reportSchema } from '@servelab/core/report-schema';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../fixtures/checkout.js';
import { MARK, markedProcesses } from '../fixtures/marked-processes.js';
import { runServelab } from '../fixtures/run-servelab.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A run that shows everything and measures little. */
const small = (out: string, ...more: string[]) => [
  'bench',
  ...['--repeats', '2', '--warmup', '200ms', '--duration', '400ms', '--out', out],
  ...more,
];
/** Nothing can be fetched: the model's source is a port where nobody listens, and there are no photographs. */
const cutOff = () => ({
  SERVELAB_CACHE_DIR: join(folder, 'cache'),
  SERVELAB_MODEL_SOURCE: 'http://127.0.0.1:9',
  SERVELAB_IMAGE_SOURCE: 'generated',
});

async function readReport(out: string): Promise<Report> {
  const report: unknown = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'));
  // The published schema is what programs outside rely on.
  const published = JSON.parse(await readFile(join(CHECKOUT, 'docs', 'report.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false }).compile(published);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  return reportSchema.parse(report);
}

describe('servelab bench', () => {
  it('compares the policies and ends with verdict and report', async () => {
    const out = join(folder, 'run');
    const { code, stdout, stderr } = await runServelab(
      small(out, '--stacks', 'servelab:none,servelab:greedy'),
    );
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
      expect.stringMatching(/^verdict: .+/),
      `report: ${out}/report.html`,
    ]);
    expect(stderr).toMatch(/about \d+:\d\d minutes/);
    const report = await readReport(out);
    expect(report.stacks.map(({ workload, name }) => `${workload} ${name}`)).toEqual([
      'photographs servelab:none',
      'photographs servelab:greedy',
      'simulated-keras servelab:none',
      'simulated-keras servelab:greedy',
    ]);
    expect(report.stacks.map(({ device }) => device)).toEqual(['cpu', 'cpu', undefined, undefined]);
    for (const { points, name } of report.stacks) {
      for (const { counts } of points) {
        const { scheduled, ...outcomes } = counts;
        expect(
          Object.values(outcomes).reduce<number>((sum, n) => sum + (n ?? Number.NaN), 0),
          name,
        ).toBe(scheduled);
        expect([counts.wrong, counts.failed], name).toEqual([0, 0]);
      }
    }
    for (const file of ['report.md', 'report.html', 'run.json']) {
      expect((await stat(join(out, file))).size).toBeGreaterThan(500);
    }
  });

  it('falls back to synthetic weights and generated images without any source, and says so', async () => {
    const out = join(folder, 'synthetic');
    const options = [
      '--workloads',
      'photographs',
      '--stacks',
      'servelab:none,servelab:greedy',
      '--levels',
      '2',
    ];
    const { code, stderr } = await runServelab(small(out, ...options), { environment: cutOff() });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('SYNTHETIC WEIGHTS');
    expect(stderr).toContain('GENERATED IMAGES');
    for (const file of ['report.md', 'report.html']) {
      const written = await readFile(join(out, file), 'utf8');
      expect(written).toMatch(/synthetic weights: timings are real, answers are not/i);
      expect(written).toMatch(/generated images: no photographs were at hand/i);
    }
  });

  it.each(['Ctrl-C', 'the end of whoever reads its output'])(
    'stops everything at %s, keeps what was measured, and leaves no process behind',
    async (cause) => {
      const mark = randomUUID();
      const out = join(folder, mark);
      let running: Promise<number[]> | undefined;
      const { code, stderr } = await runServelab(
        small(out, '--workloads', 'photographs', '--stacks', 'servelab:none'),
        {
          environment: { [MARK]: mark },
          onStderr: (soFar, interrupt, hangUp) => {
            if (running !== undefined || !soFar.includes('repeat 1')) return;
            running = markedProcesses(mark).finally(cause === 'Ctrl-C' ? interrupt : hangUp);
          },
        },
      );
      expect(code, stderr).toBe(130);
      expect((await running)?.length, 'the command, a server and its worker').toBeGreaterThanOrEqual(3);
      expect(await markedProcesses(mark)).toEqual([]);
      const report = await readReport(out);
      expect(report.stacks.some(({ points }) => points.length > 0)).toBe(true);
      expect(JSON.parse(await readFile(join(out, 'run.json'), 'utf8'))).toMatchObject({ interrupted: true });
    },
  );

  it.each<[name: string, args: string[], code: number, words: string]>([
    ['an unknown flag', ['bench', '--colour', 'red'], 2, "Unknown option '--colour'"],
    ['an unknown stack', ['bench', '--stacks', 'flask'], 2, 'there is no stack "flask"'],
    ['an unknown workload', ['bench', '--workloads', 'video'], 2, 'there is no workload "video"'],
    ['a level that is none', ['bench', '--levels', '0'], 2, '--levels has "0"'],
    ['a duration that is none', ['bench', '--duration', 'soon'], 2, '--duration: "soon"'],
    [
      'a configuration file that is not there',
      ['bench', '--config', 'no-such.yaml'],
      3,
      'no-such.yaml cannot be read',
    ],
    ['a command that does not exist', ['benchmark'], 2, 'there is no command "benchmark"'],
  ])('refuses %s and says what to do', async (_name, args, code, words) => {
    const finished = await runServelab(args);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toContain(words);
    expect(finished.stderr).toMatch(/^fix: \S/m);
    expect(finished.stderr).not.toMatch(/^ {4}at /m);
  });
});
