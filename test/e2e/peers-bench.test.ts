import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportSchema } from '@servelab/core/report-schema';
import { PEERS, type RunManifest } from '@servelab/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARK, markedProcesses } from '../fixtures/marked-processes.js';
import { mainProcessOf, traces } from '../fixtures/peer-processes.js';
import { peerMissing } from '../fixtures/peers.js';
import { runServelab } from '../fixtures/run-servelab.js';

const installed = PEERS.map(({ name }) => name).filter((name) => peerMissing(name) === null);
const missing = PEERS.map(({ name }) => peerMissing(name)).filter((reason) => reason !== null);
const LIMIT_MS = 20 * 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-peers-bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bench = (out: string, stacks: readonly string[], ...more: string[]) => [
  ...['bench', '--workloads', 'photographs', '--repeats', '1', '--out', out],
  ...['--stacks', stacks.join(',')],
  ...more,
];

async function readRun(out: string) {
  const report = reportSchema.parse(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')));
  const manifest = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as RunManifest;
  return { report, manifest };
}

/** All that are installed, and one on Keras: each of those takes a minute more. */
const COMPARED = [
  'servelab:none',
  ...installed.map((name) => `${name}/tuned`),
  ...installed.slice(0, 1).map((name) => `${name}/seeds`),
];
type Compared = Awaited<ReturnType<typeof readRun>> & {
  readonly code: number | null;
  readonly stderr: string;
};

let compared: Promise<Compared> | undefined;
/** One interleaved run of all that is installed, for all the tests that look at it. */
function comparison(): Promise<Compared> {
  compared ??= (async () => {
    const out = join(folder, 'comparison');
    const loads = ['--levels', '4', '--rates', '3', '--warmup', '500ms', '--duration', '1s'];
    const { code, stderr } = await runServelab(bench(out, COMPARED, ...loads));
    return { code, stderr, ...(await readRun(out)) };
  })();
  return compared;
}

describe('a bench run with the peers', () => {
  it('is complete: every stack, every load, every request accounted for', {
    timeout: LIMIT_MS,
  }, async (context) => {
    if (installed.length === 0) context.skip(missing.join('; '));
    const { code, stderr, report, manifest } = await comparison();
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/LEFT BEHIND|FAILED/);
    expect(manifest.stacks.map(({ name }) => name)).toEqual(COMPARED);
    for (const { name, kind, version } of manifest.stacks) {
      expect(kind, name).toBe(name.startsWith('servelab') ? 'servelab' : 'peer');
      expect(version, name).toMatch(/^\d+\.\d+/);
    }
    for (const { name, form, runtime, points } of report.stacks) {
      if (form !== '') expect(runtime, name).toBe(form === 'seeds' ? 'keras' : 'onnx');
      const modes = points.map(({ load }) => load.mode);
      expect(modes, name).toEqual(['closed', 'open']);
      for (const { counts, repeats } of points) {
        const { scheduled, ...outcomes } = counts;
        const accounted = Object.values(outcomes).reduce<number>((sum, n) => sum + (n ?? Number.NaN), 0);
        expect(repeats, name).toHaveLength(1);
        expect(accounted, name).toBe(scheduled);
        expect(counts.failed, name).toBe(0);
        expect(scheduled, name).toBeGreaterThan(0);
      }
    }
  });

  it.skipIf(installed.length === 0)(
    'has the answers of the reference from every stack',
    {
      timeout: LIMIT_MS,
    },
    async () => {
      const { report, manifest } = await comparison();
      for (const { name, golden } of manifest.stacks) {
        expect(golden?.checked, name).toBeGreaterThan(0);
        expect(golden?.agreed, name).toBe(golden?.checked);
      }
      const wrong = report.stacks.flatMap(({ points }) => points.map(({ counts }) => counts.wrong));
      expect(wrong.filter((count) => count !== 0)).toEqual([]);
    },
  );

  it('goes on when a stack is killed, and nothing of it remains', { timeout: LIMIT_MS }, async (context) => {
    if (installed.length === 0 || !existsSync('/proc/self')) {
      context.skip(installed.length === 0 ? missing.join('; ') : 'no /proc to find its processes in');
    }
    const out = join(folder, 'killed');
    const mark = randomUUID();
    const left = new Map<string, Promise<Awaited<ReturnType<typeof traces>>>>();
    const stacks = ['servelab:none', ...installed.map((name) => `${name}/tuned`)];
    const loads = ['--levels', '1,2', '--rates', '5', '--warmup', '200ms', '--duration', '1s'];
    const { code, stderr } = await runServelab(bench(out, stacks, ...loads), {
      environment: { [MARK]: mark },
      onStderr: (soFar) => {
        for (const name of installed) {
          // Its first point is done: two more are to come in this turn.
          if (left.has(name) || !soFar.includes(`photographs ${name}/tuned`)) continue;
          left.set(
            name,
            (async () => {
              const pid = await mainProcessOf(name, mark);
              const found = await traces(await markedProcesses(mark), pid);
              process.kill(pid, 'SIGKILL');
              return found;
            })(),
          );
        }
      },
    });
    expect(code, stderr).toBe(0);
    const { report, manifest } = await readRun(out);
    for (const name of installed) {
      const run = manifest.stacks.find((stack) => stack.name === `${name}/tuned`);
      expect(run?.failure?.message, stderr).toBe(`${name}/tuned died while it was measured`);
    }
    const own = report.stacks.find(({ name }) => name === 'servelab:none');
    expect(own?.points.map(({ repeats }) => repeats.length)).toEqual([1, 1, 1]);
    expect(own?.points.every(({ counts }) => counts.ok === counts.scheduled)).toBe(true);

    expect(await markedProcesses(mark)).toEqual([]);
    expect([...left.keys()].sort()).toEqual([...installed].sort());
    for (const [name, found] of left) {
      const { port, temporaryFolder, sharedMemory } = await found;
      expect(existsSync(temporaryFolder), name).toBe(false);
      expect(sharedMemory.filter(existsSync), name).toEqual([]);
      await expect(fetch(`http://127.0.0.1:${port}/health`), name).rejects.toThrow();
    }
  });
});
