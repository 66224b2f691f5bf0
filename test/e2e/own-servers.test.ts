import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@servelab/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../fixtures/checkout.js';
import { MARK, markedProcesses } from '../fixtures/marked-processes.js';
import { runServelab } from '../fixtures/run-servelab.js';

const MAIN = join(CHECKOUT, 'packages', 'cli', 'dist', 'main.js');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-own-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A short bench in the folder, whose `servelab.yaml` has these words. */
async function bench(config: string, stacks: string, environment: Record<string, string> = {}) {
  await writeFile(join(folder, 'servelab.yaml'), config);
  const brief = ['--workloads', 'photographs', '--repeats', '2', '--warmup', '200ms', '--duration', '400ms'];
  const args = ['bench', '--stacks', stacks, ...brief, '--levels', '2', '--rates', '10', '--out', 'run'];
  return await runServelab(args, { cwd: folder, environment });
}

const readJson = async (name: string) => JSON.parse(await readFile(join(folder, 'run', name), 'utf8'));
const readReport = (): Promise<Report> => readJson('report.json');

describe('a server of one’s own in servelab.yaml', () => {
  it('stands beside servelab as the README shows it', async () => {
    const readme = await readFile(join(CHECKOUT, 'README.md'), 'utf8');
    const config = /```yaml\n(stacks:\n[^`]*)```/.exec(readme)?.[1] ?? '';
    await cp(join(CHECKOUT, 'examples'), join(folder, 'examples'), { recursive: true });
    const mark = randomUUID();

    const { code, stderr } = await bench(config, 'servelab:none,mine', { [MARK]: mark });

    expect(code, stderr).toBe(0);
    expect(await markedProcesses(mark)).toEqual([]);
    const { stacks, verdict } = await readReport();
    const mine = stacks.find(({ name }) => name === 'mine');
    expect(mine).toMatchObject({ kind: 'other', runtime: 'unknown', unchecked: true });
    expect(mine).not.toHaveProperty('uncontrolled');
    expect(mine?.points.map(({ load }) => load.mode)).toEqual(['closed', 'open']);
    for (const { counts, checked, rss_mb } of mine?.points ?? []) {
      expect(counts.ok).toBe(counts.scheduled);
      expect(checked).toBe(0);
      expect(rss_mb).toBeGreaterThan(10);
    }
    expect(verdict.reason_ids).toContain('unchecked-stack');
    expect(verdict.sentence).toContain('Answers of mine were not checked.');
  });

  describe('of every kind at once', () => {
    let running: ChildProcess;
    let report: Report;
    let stderr: string;
    beforeAll(async () => {
      running = spawn(process.execPath, [join(CHECKOUT, 'test/fixtures/delayed-server.mjs'), '1']);
      const [line] = await once(running.stdout?.setEncoding('utf8') ?? running, 'data');
      const port = /^listening (\d+)/.exec(line)?.[1];
      const config = `
stacks:
  ours:
    command: ['${process.execPath}', '${MAIN}', serve, --port, '{port}', --policy, none]
    url: http://127.0.0.1:{port}/predict
    ready: /readyz
    runtime: onnx
  deaf: {command: 'echo no model here >&2; exit 3', url: 'http://127.0.0.1:{port}/predict'}
  gone: {url: 'http://127.0.0.1:9/predict'}
  there: {url: 'http://127.0.0.1:${port}/predict', body: raw, expect: none}
  strange: {url: 'http://127.0.0.1:${port}/predict'}
`;
      const finished = await bench(config, 'servelab:none,ours,deaf,gone,there,strange');
      stderr = finished.stderr;
      expect(finished.code, stderr).toBe(0);
      report = await readReport();
    });
    afterAll(async () => {
      const ended = once(running, 'exit');
      running.kill();
      await ended;
    });

    it('checks the answers of one that keeps the contract', async () => {
      const ours = report.stacks.find(({ name }) => name === 'ours');
      expect(ours?.points).toHaveLength(2);
      const checked = ours?.points.reduce((sum, point) => sum + point.checked, 0);
      expect(checked).toBeGreaterThan(0);
      const run = (await readJson('run.json')).stacks.find(({ name }: { name: string }) => name === 'ours');
      expect(run.golden.checked).toBeGreaterThan(0);
      expect(run.golden.agreed).toBe(run.golden.checked);
    });

    it('says of one that ran already that it was not controlled', async () => {
      const there = report.stacks.find(({ name }) => name === 'there');
      expect(there).toMatchObject({ uncontrolled: true, unchecked: true });
      for (const { cpu_s_per_1000, rss_mb } of there?.points ?? []) {
        expect(cpu_s_per_1000.value).toBeNull();
        expect(rss_mb).toBeNull();
      }
      expect(report.verdict.status).not.toBe('VALID');
      expect(report.verdict.reason_ids).toEqual(
        expect.arrayContaining(['uncontrolled-stack', 'unchecked-stack']),
      );
      for (const file of ['report.md', 'report.html']) {
        expect(await readFile(join(folder, 'run', file), 'utf8')).toMatch(
          /process of there was not controlled/i,
        );
      }
    });

    it('reports those that do not start, are not there, or answer otherwise, and measures the others', async () => {
      const failures = (await readJson('run.json')).stacks.flatMap(
        ({ name, failure }: { name: string; failure?: { message: string; log_tail: string } }) =>
          failure === undefined ? [] : [[name, failure.message, failure.log_tail]],
      );
      expect(failures).toEqual([
        ['deaf', 'deaf ended with exit code 3', 'no model here\n'],
        ['gone', expect.stringMatching(/^gone: nothing answers at .*ECONNREFUSED/), ''],
        ['strange', expect.stringMatching(/no prediction in \{\}; .* "expect: none"$/), ''],
      ]);
      expect(stderr).toContain('no model here');
      const measured = report.stacks.filter(({ points }) => points.length > 0).map(({ name }) => name);
      expect(measured).toEqual(['servelab:none', 'ours', 'there']);
    });

    it('keeps what it was told in run.json', async () => {
      const { config } = await readJson('run.json');
      expect(config['own-servers']).toContainEqual(expect.objectContaining({ name: 'there', start: null }));
    });
  });

  it.each([
    ['mine: {url: nowhere}', 'mine', 'stacks.mine.url in the configuration file is "nowhere"'],
    ['mine: {url: "http://127.0.0.1:1/"}', 'yours', 'there is no stack "yours"'],
  ])('refuses %s asked for as %s', async (entry, asked, words) => {
    const { code, stderr } = await bench(`stacks:\n  ${entry}\n`, asked);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^fix: \S/m);
    expect(code).toBe(2);
  });
});
