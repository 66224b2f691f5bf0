import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

  it('replays recorded moments exactly, and the records of that load again', async () => {
    const out = join(folder, 'replayed');
    const trace = join(folder, 'trace.txt');
    // None at the border of a window, where rounding decides.
    const seconds = [100, 100.05, 100.2, 100.2005, 100.31, 100.5];
    await writeFile(trace, seconds.join('\n'));
    const image = ['--image', target.imagePath, '--warmup', '200ms'];
    const gapsUs = async (file: string) => {
      const { code } = await load(target.url, '--replay', file, ...image, '--out', out).ended;
      expect(code).toBe(0);
      const measured = (await readRecords(join(out, 'records.ndjson'))).filter((r) => r.phase === 'measured');
      return measured.map(({ scheduled }) => scheduled - (measured[0]?.scheduled ?? 0));
    };
    // Records are kept in whole microseconds.
    const exact = seconds.map((s) => expect.closeTo((s - 100) * 1e6, -0.5));
    expect(await gapsUs(trace)).toEqual(exact);
    const point = pointSchema.parse(JSON.parse(await readFile(join(out, 'point.json'), 'utf8')));
    expect(point.load).toMatchObject({ mode: 'open', profile: { shape: 'replay', trace: 'trace.txt' } });
    expect(point.windows?.map(({ scheduled }) => scheduled)).toEqual([2, 0, 0, 2, 0, 1, 0, 0, 1, 0]);
    await writeFile(trace, await readFile(join(out, 'records.ndjson')));
    expect(await gapsUs(trace)).toEqual(exact);
  });

  it('shows a load that climbs in steps by its stretches', async () => {
    const steps = ['--rate', '50', '--load-profile', 'step', '--to-rate', '150', '--steps', '3'];
    const { out } = await load(target.url, ...steps, '--arrivals', 'constant', ...quick()).ended;
    expect(out).toContain('50 to 150 req/s in 3 steps');
    const rows = out.split('\n').filter((line) => /^\s*[\d.]+-[\d.]+ /.test(line));
    expect(rows.map((row) => row.trim().split(/ +/)[1])).toEqual(['50', '100', '150']);
  });

  it('measures a ladder of levels and prints an array of points', async () => {
    const { code, out } = await load(target.url, '--ladder', '4,1', ...quick(), '--json').ended;
    const points = pointSchema.array().parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(points.map((point) => point.load)).toEqual([
      { mode: 'closed', concurrency: 1 },
      { mode: 'closed', concurrency: 4 },
    ]);
    expect(points.every(({ counts }) => counts.ok === counts.scheduled && counts.ok > 0)).toBe(true);
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

  it('ends without a word of Node where Ctrl-C has ended the driver before its result', async () => {
    const args = [target.url, '--concurrency', '2', '--duration', '60s', '--image', target.imagePath];
    const { child, ended } = load(...args);
    await once(child.stderr ?? child, 'data');
    const drivers = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    // As while the driver starts: then it does not handle the signal that reaches the whole process group.
    child.kill('SIGINT');
    for (const driver of drivers.trim().split(' ')) process.kill(Number(driver), 'SIGKILL');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).not.toContain('Error');
  });

  it.each([
    ['no load', 2, [], 'the load is not given'],
    ['two loads', 2, ['--rate', '1', '--concurrency', '1'], 'both --concurrency and --rate'],
    ['a duration that is none', 2, ['--rate', '1', '--duration', 'soon'], 'is not a length of time'],
    ['a search with users', 2, ['--find-rate', '--concurrency', '1'], 'does not go with --concurrency'],
    [
      'a profile without its rate',
      2,
      ['--rate', '1', '--load-profile', 'ramp'],
      'a ramp needs a second rate',
    ],
    ['an SLO that is none', 2, ['--rate', '1', '--slo', 'fast'], 'the SLO "fast"'],
    ['a level that is none', 2, ['--ladder', '1,many'], '--ladder has "many"'],
    ['no trace there', 3, ['--replay', '/nowhere/at-all.txt'], 'cannot be read'],
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
