import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_NETWORK, OWN_NETWORK_MISSING } from '../fixtures/own-network.js';
import { runServelab } from '../fixtures/run-servelab.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-loadtest-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What runs at the ports that the load test knows is somebody else's. */
const loadtest = (...args: readonly string[]) =>
  runServelab(['loadtest', ...args], { cwd: folder, under: OWN_NETWORK });

describe('servelab loadtest', () => {
  it('writes the seeds’ files: raw results a level and a summary', async ({ skip }) => {
    if (OWN_NETWORK_MISSING !== null) return skip(OWN_NETWORK_MISSING);
    const args = ['--duration-per-level', '600ms', '--concurrency-levels', '1 3'];
    const { code, stdout, stderr } = await loadtest(...args);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('report: tmp/loadtest_report.md');

    const report = await readFile(join(folder, 'tmp', 'loadtest_report.md'), 'utf8');
    const rows = report.split('\n').filter((line) => /^\| [\w/]+ \| \d/.test(line));
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const row of rows)
      expect(row).toMatch(/^\| [\w/]+ \| [13] \| \d+\.\d\d \| .* \| 0\.00 % \| \d+ \|$/);

    const raw = (await readdir(join(folder, 'tmp'))).filter((name) => name.endsWith('.txt'));
    expect(raw).toEqual(expect.arrayContaining([expect.stringMatching(/^loadtest_[\w-]+_c3\.txt$/)]));
    const [, , first] = (await readFile(join(folder, 'tmp', raw[0] ?? ''), 'utf8')).split('\n');
    expect(first).toMatch(/^0\.000 \d+\.\d{3} 200 ok \d+$/);
  });

  it.for<[name: string, args: string[], code: number, words: string]>([
    ['a stack without a port', ['--stacks', 'flask'], 2, '--stacks names "flask"'],
    ['a level that is none', ['--concurrency-levels', '1 zero'], 2, '--concurrency-levels has "zero"'],
    ['a stack that does not run', ['--stacks', 'litserve'], 3, 'none of litserve (port 3400) answers'],
  ])('refuses %s and says what to do', async ([_name, args, code, words], { skip }) => {
    if (OWN_NETWORK_MISSING !== null) return skip(OWN_NETWORK_MISSING);
    const finished = await loadtest(...args);
    expect(finished.stderr).toContain(words);
    expect(finished.code).toBe(code);
  });
});

describe('servelab doctor', () => {
  it('lists what the machine has, with a fix for what it lacks', async () => {
    const { code, stdout } = await runServelab(['doctor', '--json']);
    const { findings, conclusion } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(findings).toContainEqual(
      expect.objectContaining({ name: 'node', ok: true, found: process.version }),
    );
    for (const { fix } of findings) expect(fix).toMatch(/\.$/);
    expect(conclusion).toMatch(/^servelab works here/);
  });
});
