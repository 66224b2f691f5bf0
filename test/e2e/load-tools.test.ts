import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '@servelab/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { K6_MISSING, obtainLocust } from '../fixtures/load-tools.js';
import { runServelab } from '../fixtures/run-servelab.js';
import { SimulatedServer } from '../fixtures/simulated-server.js';

const found = await obtainLocust();
const LOCUST_MISSING = 'missing' in found ? found.missing : null;

let folder: string;
let server: SimulatedServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-tools-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  server = await SimulatedServer.start({ batch_ms: { 1: 10 } }, '--policy', 'none', '--workers', '1');
});
afterEach(() => server.stop());

/** The load test through a tool, and the report that was made of its files. */
async function through(tool: 'locust' | 'k6', ...args: string[]) {
  const words = ['--tool', tool, '--target-url', server.url, '--duration-per-level', '2s', ...args];
  const ended = await runServelab(['loadtest', ...words], { cwd: folder });
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  const path = join(folder, 'tmp', `${tool}_report`, 'report.json');
  const report = JSON.parse(await readFile(path, 'utf8')) as Report;
  return { report, point: report.stacks[0]?.points[0], stdout: ended.stdout };
}

/** Requests that the server has answered with 200, all told. */
const answered = () => server.metric('servelab_requests_total');

describe('the load test through Locust', () => {
  it('counts what the server counts, and says what the client did', async ({ skip }) => {
    if (LOCUST_MISSING !== null) skip(LOCUST_MISSING);
    const { report, point, stdout } = await through('locust', '--concurrency-levels', '3');
    const counts = point?.counts;
    // The second of warm-up is the server's, too; of the measured part it has at least all that was counted.
    expect(counts?.ok).toBeGreaterThan(0);
    expect(counts?.scheduled).toBe(counts?.ok);
    expect(await answered()).toBeGreaterThan(counts?.ok ?? 0);
    expect(point?.load).toEqual({ mode: 'closed', concurrency: 3 });
    expect(point?.throughput_rps.value).toBeGreaterThan(0);
    expect(report.verdict.status).toBe('INVALID');
    const [imported] = report.environment.imported as { client: { busy: number | null } }[];
    expect(imported?.client).toMatchObject({ users: 3, warmupS: 1, measuredS: 2 });
    expect(stdout).toContain('report: tmp/locust_report/report.html');
  });

  it('runs in several processes', async ({ skip }) => {
    if (LOCUST_MISSING !== null) skip(LOCUST_MISSING);
    const { point } = await through('locust', '--concurrency-levels', '4', '--locust-processes', '2');
    expect(point?.load).toEqual({ mode: 'closed', concurrency: 4 });
    expect(point?.counts.ok).toBeGreaterThan(0);
  });
});

describe('the load test through k6', () => {
  it('counts what the server counts, in a closed loop', async ({ skip }) => {
    if (K6_MISSING !== null) skip(K6_MISSING);
    const { point } = await through('k6', '--concurrency-levels', '3');
    expect(point?.load).toEqual({ mode: 'closed', concurrency: 3 });
    expect(point?.counts.scheduled).toBe(point?.counts.ok);
    expect(point?.checked).toBe(point?.counts.ok);
    const name = (await readdir(join(folder, 'tmp'))).find((file) => /^k6_.*_c3_points/.test(file)) ?? '';
    const samples = await readFile(join(folder, 'tmp', name), 'utf8');
    // The second of warm-up is the server's, too.
    expect(samples.match(/"metric":"http_reqs","type":"Point"/g)).toHaveLength(await answered());
    expect(await answered()).toBeGreaterThan(point?.counts.ok ?? 0);
    expect(point?.service_ms.p50.value).toBeGreaterThan(10);
  });

  it('sends at a rate, and knows latency from the schedule then', async ({ skip }) => {
    if (K6_MISSING !== null) skip(K6_MISSING);
    const { point } = await through('k6', '--rates', '20');
    expect(point?.load).toEqual({ mode: 'open', rate_rps: 20, arrivals: 'constant' });
    expect(point?.counts.scheduled).toBeGreaterThanOrEqual(39);
    expect(point?.counts.scheduled).toBeLessThanOrEqual(41);
    expect(point?.latency_ms.p50.value).toBeGreaterThan(0);
    expect(point?.lag_ms.p99).not.toBeNull();
  });
});

describe('servelab report import', () => {
  it('explains why two tools differ, from their files and ours', async ({ skip }) => {
    if (K6_MISSING !== null) skip(K6_MISSING);
    await through('k6', '--concurrency-levels', '2');
    const load = ['load', `${server.url}/predict`, '--concurrency', '2', '--duration', '1s', '--json'];
    const own = await runServelab(load, { cwd: folder });
    expect(own.code, own.stderr).toBe(0);
    await writeFile(join(folder, 'own.json'), own.stdout);
    const files = (await readdir(join(folder, 'tmp'))).filter((name) => /^k6_.*_c2_/.test(name));
    const words = [
      'report',
      'import',
      ...files.map((name) => join('tmp', name)),
      'own.json',
      '--out',
      'both',
    ];
    const { code, stdout, stderr } = await runServelab(words, { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('Why do they differ');
    const markdown = await readFile(join(folder, 'both', 'report.md'), 'utf8');
    expect(markdown).toContain('closed loop, 2 at a time');
    expect(await readFile(join(folder, 'both', 'report.html'), 'utf8')).toContain('Why do they differ');
    const again = await runServelab([...words.slice(0, -1), 'again'], { cwd: folder });
    expect(again.code).toBe(0);
    for (const name of ['report.json', 'report.md', 'report.html', 'points.csv']) {
      const [first, second] = await Promise.all(
        ['both', 'again'].map((out) => readFile(join(folder, out, name), 'utf8')),
      );
      expect(second, name).toBe(first);
    }
  });

  it.each([
    ['no file', [], 2, 'no result file is named'],
    ['a file that is not there', ['nowhere.csv'], 3, 'cannot be read (ENOENT)'],
    ['a file of something else', [fileURLToPath(import.meta.url)], 2, 'is not a known result file'],
  ])('refuses %s', async (_what, files, code, words) => {
    const ended = await runServelab(['report', 'import', ...files], { cwd: folder });
    expect(ended.stderr).toContain(words);
    expect(ended.code).toBe(code);
  });
});

describe('servelab loadtest --tool', () => {
  it.each([
    [['--tool', 'k6', '--ui'], 'k6 has no page'],
    [['--tool', 'locust', '--rates', '5'], 'locust sends no rates'],
    [['--target-url', 'http://127.0.0.1:1'], '--target-url is for Locust and k6'],
  ])('refuses %j', async (words, said) => {
    const { code, stderr } = await runServelab(['loadtest', ...words], { cwd: folder });
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  });
});
