import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runChecks } from '../analyse/checks/run-checks.js';
import { readRecords } from '../record/record-reader.js';
import type { RunManifest } from '../record/run-folder.js';
import { writeReports } from '../report/write-reports.js';
import { buildStack } from '../stacks/build-stacks.js';
import { parseStackName } from '../stacks/stack-name.js';
import { PHOTOGRAPHS } from '../stacks/workload-kind.js';
import type { BenchEvent } from './bench-event.js';
import type { ExperimentPlan } from './experiment-plan.js';
import { runExperiment } from './run-experiment.js';

const fakeServe = fileURLToPath(new URL('../../../../test/fixtures/fake-serve.mjs', import.meta.url));
const never = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-experiment-'));
  await writeFile(join(folder, 'a.jpg'), Buffer.from([0xff, 0xd8, 0xff, 1]));
  await writeFile(join(folder, 'b.jpg'), Buffer.from([0xff, 0xd8, 0xff, 2]));
});
afterEach(async () => {
  delete process.env.FAKE_SERVE_DIES_AFTER;
  delete process.env.FAKE_SERVE_WRONG;
  delete process.env.FAKE_SERVE_CACHES;
  delete process.env.FAKE_SERVE_MS;
  await rm(folder, { recursive: true });
});

const build = (policy: string) =>
  buildStack(parseStackName(`servelab:${policy}`), PHOTOGRAPHS, {
    serveCommand: [process.execPath, fakeServe],
    serveFlags: [],
    body: 'multipart',
    imagePath: null,
    peers: null,
  });

function planFor(policies: readonly string[], changes: Partial<ExperimentPlan> = {}): ExperimentPlan {
  return {
    runDir: join(folder, 'run'),
    runId: 'test',
    command: 'test',
    profile: 'quick',
    seed: 1,
    slo: null,
    workloads: [
      {
        name: 'photographs',
        kind: 'photographs',
        stacks: policies.map(build),
        reference: build('none'),
        levels: [2],
        rateFractions: [],
        ratesRps: [200],
        referenceCount: 2,
        goldenCount: 2,
        truthful: false,
      },
    ],
    capacity: null,
    repeats: 2,
    redoShare: 0,
    warmupUs: 50_000,
    durationUs: 200_000,
    extendWarmup: false,
    extension: { fraction: 0.95, maxDurationUs: 200_000 },
    timeoutUs: 60_000_000,
    graceUs: 60_000_000,
    arrivals: 'poisson',
    checkShare: 1,
    corpus: {
      name: 'two files',
      sha256: 'none',
      generated: false,
      images: [{ path: join(folder, 'a.jpg') }, { path: join(folder, 'b.jpg') }],
    },
    photographs: [],
    model: { name: 'fake', sha256: null, synthetic: true },
    cores: { pinned: false, reason: 'a test' },
    config: {},
    environment: {},
    ...changes,
  };
}

const savedManifest = async (): Promise<RunManifest> =>
  JSON.parse(await readFile(join(folder, 'run', 'run.json'), 'utf8'));

describe('runExperiment', () => {
  it('measures every load of every repeat and keeps records, server side and manifest', async () => {
    const manifest = await runExperiment(planFor(['none']), () => {}, never);
    expect(manifest.points.map(({ id }) => id)).toEqual([
      'photographs_servelab-none_closed-2_r1',
      'photographs_servelab-none_open-200-s-poisson_r1',
      'photographs_servelab-none_closed-2_r2',
      'photographs_servelab-none_open-200-s-poisson_r2',
    ]);
    expect(manifest.stacks).toMatchObject([
      {
        name: 'servelab:none',
        version: '9.9.9',
        device: 'webgpu',
        golden: { checked: 4, agreed: 4, required: 4 },
      },
    ]);
    expect(await savedManifest()).toEqual(manifest);
    expect(manifest.driver).toMatchObject({ ceiling: { concurrency: 2 }, open: { rate_rps: 200 } });
    expect(manifest.driver?.floor.p50_ms).toBeGreaterThan(0);
    expect(await readdir(join(folder, 'run', 'records'))).toHaveLength(4);
    for (const { id } of manifest.points) {
      const records = await readRecords(join(folder, 'run', 'records', `${id}.ndjson`));
      expect(records.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(0);
      const server = JSON.parse(await readFile(join(folder, 'run', 'server', `${id}.json`), 'utf8'));
      expect(server).toMatchObject({ batches: [], spin_before_ms: expect.any(Number) });
    }
  });

  it('asks no reference where nobody is held against one', async () => {
    const plan = planFor(['none'], { repeats: 1 });
    const [workload] = plan.workloads;
    if (workload === undefined) throw new Error('no workload');
    const unchecked = workload.stacks.map((stack) => ({ ...stack, unchecked: true as const }));
    const reference = build('greedy'); // which does not start
    const workloads = [{ ...workload, stacks: unchecked, reference }];
    const manifest = await runExperiment({ ...plan, workloads }, () => {}, never);
    expect(manifest.stacks).toMatchObject([{ name: 'servelab:none', unchecked: true }]);
    expect(manifest.points).toHaveLength(2);
  });

  it('reports a stack that does not start, with the end of its log, and goes on with the others', async () => {
    const events: BenchEvent[] = [];
    const manifest = await runExperiment(
      planFor(['greedy', 'none']),
      (event) => void events.push(event),
      never,
    );
    expect(manifest.stacks).toMatchObject([
      {
        name: 'servelab:greedy',
        failure: {
          message: 'servelab:greedy ended with exit code 3',
          log_tail: expect.stringContaining('no model here'),
        },
      },
      { name: 'servelab:none' },
    ]);
    expect(manifest.points.map(({ stack }) => stack)).toEqual(Array(4).fill('servelab:none'));
    expect(events.filter(({ kind }) => kind === 'stack-failed')).toHaveLength(1);
  });

  it('reports a stack that dies while it is measured, and keeps the records of that point', async () => {
    process.env.FAKE_SERVE_DIES_AFTER = '40';
    const manifest = await runExperiment(planFor(['fixed-window', 'none']), () => {}, never);
    const dead = manifest.stacks.find(({ name }) => name === 'servelab:fixed-window');
    expect(dead?.failure?.message).toContain('died while it was measured');
    // In its first point or its second: the open one sends more than 40, however slow the machine is.
    const last = manifest.points.findLast(({ stack }) => stack === 'servelab:fixed-window');
    const records = await readRecords(join(folder, 'run', 'records', `${last?.id}.ndjson`));
    expect(records.some(({ outcome }) => outcome === 'failed')).toBe(true);
    expect(manifest.points.filter(({ stack }) => stack === 'servelab:none')).toHaveLength(4);
  });

  it('goes on with the others when a stack dies before anything is sent to be timed', async () => {
    process.env.FAKE_SERVE_DIES_AFTER = '1';
    const manifest = await runExperiment(planFor(['fixed-window', 'none']), () => {}, never);
    const dead = manifest.stacks.find(({ name }) => name === 'servelab:fixed-window');
    expect(dead?.failure?.message).toBe('servelab:fixed-window died while it was measured');
    expect(manifest.points.map(({ stack }) => stack)).toEqual(Array(4).fill('servelab:none'));
  });

  it('finds wrong answers before and while timing', async () => {
    process.env.FAKE_SERVE_WRONG = 'fixed-window';
    const manifest = await runExperiment(planFor(['fixed-window'], { repeats: 1 }), () => {}, never);
    expect(manifest.stacks[0]?.golden).toEqual({ checked: 2, agreed: 0, required: 2 });
    const records = await readRecords(join(folder, 'run', 'records', `${manifest.points[0]?.id}.ndjson`));
    expect(
      records.filter(({ phase }) => phase === 'measured').every(({ outcome }) => outcome === 'wrong'),
    ).toBe(true);
  });

  it('finds a stack that answers from a cache, and only that one', async () => {
    process.env.FAKE_SERVE_CACHES = 'fixed-window';
    process.env.FAKE_SERVE_MS = '10'; // long beside what a busy machine scatters
    const images = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const path = join(folder, `${n}.jpg`);
        await writeFile(path, Buffer.from([0xff, 0xd8, 0xff, n]));
        return { path };
      }),
    );
    const corpus = { name: 'twelve files', sha256: 'none', generated: false, images };
    const manifest = await runExperiment(
      planFor(['fixed-window', 'none'], { corpus, repeats: 1 }),
      () => {},
      never,
    );
    const checks = runChecks(manifest).filter(({ id }) => id === 'cache-probe');
    expect(checks).toMatchObject([
      { where: { stack: 'servelab:fixed-window', workload: 'photographs' }, ok: false },
      { where: { stack: 'servelab:none', workload: 'photographs' }, ok: true },
    ]);
    expect(checks[0]?.value).toBeLessThan(0);
    expect(await savedManifest()).toEqual(manifest);
  });

  // Whether it finds the limit that a server has: test/oracles/find-rate.test.ts.
  it('searches for the highest rate under the SLO, which the report finds again from the records', async () => {
    process.env.FAKE_SERVE_MS = '5';
    const capacity = { slo: 'p90<=80ms', relativeWidth: 0.3 };
    const plan = planFor(['none'], { capacity, repeats: 1 });
    const events: BenchEvent[] = [];
    const manifest = await runExperiment(plan, (event) => void events.push(event), never);
    const [found] = manifest.capacities ?? [];
    expect(found).toMatchObject({ stack: 'servelab:none', slo: 'p90<=80ms' });
    expect(await savedManifest()).toEqual(manifest);
    const done = events.find((event) => event.kind === 'search-done');
    const { stacks } = await writeReports(plan.runDir);
    // A queue that takes 5 ms a request, of which a timer may save one, does at most 250 a second.
    expect(stacks[0]?.capacity?.pass_rps ?? 0).toBeLessThanOrEqual(250);
    expect(stacks[0]?.capacity).toEqual({
      ...done?.capacity,
      slo: 'p90<=80ms',
    });
    const written = await readFile(join(plan.runDir, 'report.json'), 'utf8');
    await writeReports(plan.runDir);
    expect(await readFile(join(plan.runDir, 'report.json'), 'utf8')).toBe(written);
    expect(await readFile(join(plan.runDir, 'report.md'), 'utf8')).toContain('Highest rate under p90<=80ms');
    expect(await readFile(join(plan.runDir, 'report.html'), 'utf8')).toContain('Highest rate under p90');
  });

  it('keeps what was measured when it is interrupted', async () => {
    const abort = new AbortController();
    const observe = (event: BenchEvent) => {
      if (event.kind === 'point-done') abort.abort();
    };
    const manifest = await runExperiment(planFor(['none']), observe, abort.signal);
    expect(manifest).toMatchObject({ interrupted: true, points: [{ repeat: 0 }] });
    expect(await savedManifest()).toEqual(manifest);
  });
});
