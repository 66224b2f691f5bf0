import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pointSchema } from '@servelab/core/report-schema';
import { readRecords } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTarget, type Target } from '../oracles/target.js';

const CLI = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
let target: Target;
let folder: string;

beforeAll(async () => {
  target = await startTarget('../fixtures/delayed-server.mjs', '5');
  folder = await mkdtemp(join(tmpdir(), 'servelab-cli-load-'));
});
afterAll(async () => {
  await target.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

function load(...args: readonly string[]): Started {
  const environment = { ...process.env, SERVELAB_CACHE_DIR: folder };
  const child = spawn(process.execPath, [CLI, 'load', ...args], { cwd: folder, env: environment });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended };
}

describe('servelab load', () => {
  const quick = () => ['--duration', '500ms', '--warmup', '200ms', '--image', target.imagePath];

  it('prints one point of report.json with --json, and nothing else', async () => {
    const { code, out } = await load(target.url, '--rate', '100', ...quick(), '--json').ended;
    const point = pointSchema.parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(point.load).toEqual({ mode: 'open', rate_rps: 100, arrivals: 'poisson' });
    expect(point.counts.ok).toBe(point.counts.scheduled);
    expect(point.latency_ms.p50.value).toBeGreaterThan(4);
  });

  it('prints a table and keeps records and point with --out', async () => {
    const out = join(folder, 'kept');
    const ended = await load(target.url, '--concurrency', '2', ...quick(), '--out', out).ended;
    const point = pointSchema.parse(JSON.parse(await readFile(join(out, 'point.json'), 'utf8')));
    const records = await readRecords(join(out, 'records.ndjson'));
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/latency ms +[\d.]+/) });
    expect(records.filter(({ phase }) => phase === 'measured').length).toBe(point.counts.scheduled);
  });

  it('counts every answer without the expected class as wrong', async () => {
    const args = [target.url, '--concurrency', '1', ...quick(), '--expect', '88', '--json'];
    const { out } = await load(...args).ended;
    const { counts, checked } = pointSchema.parse(JSON.parse(out));
    expect(counts.wrong).toBe(counts.scheduled);
    expect(checked).toBe(counts.scheduled);
  });

  it('stops on Ctrl-C, shows what was measured, and leaves no process behind', async () => {
    const out = join(folder, 'interrupted');
    const args = [target.url, '--concurrency', '2', '--duration', '60s', '--warmup', '0', '--out', out];
    const { child, ended } = load(...args, '--image', target.imagePath);
    // The first plain line of progress: load is running.
    await once(child.stderr ?? child, 'data');
    child.kill('SIGINT');
    const { code, out: text } = await ended; // `close`: no descendant holds its pipes any more
    expect(code).toBe(130);
    expect(text).toContain('requests');
    expect((await readRecords(join(out, 'records.ndjson'))).length).toBeGreaterThan(0);
  });

  it.each([
    ['no load', 2, [], 'the load is not given'],
    ['two loads', 2, ['--rate', '1', '--concurrency', '1'], 'both --concurrency and --rate'],
    ['a duration that is none', 2, ['--rate', '1', '--duration', 'soon'], 'is not a length of time'],
    ['no image there', 3, ['--rate', '1', '--image', '/nowhere/at-all.jpg'], 'cannot be read'],
  ])('refuses %s with exit code %i and what to do', async (_what, code, args, words) => {
    const image = args.includes('--image') ? [] : ['--image', target.imagePath];
    const ended = await load(target.url, ...args, ...image).ended;
    expect(ended).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
    expect(ended.err).toContain('fix: ');
  });

  it('says that it cannot connect, with exit code 3', async () => {
    const ended = await load('http://127.0.0.1:1/predict', '--rate', '5', ...quick()).ended;
    expect(ended).toMatchObject({ code: 3, err: expect.stringContaining('cannot connect to') });
  });
});
