import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { syntheticRun, writeSyntheticRun } from '../../../../test/fixtures/synthetic-run.js';
import type { PointRun, RunManifest, StackRun } from '../record/run-folder.js';
import { readRun } from './read-run.js';

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

it('reads back all that run.json can have, also of a point that was stopped', async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-read-run-'));
  const run = syntheticRun({
    stacks: [{ name: 'servelab:none@f32', costMs: (n) => 7 * n }],
    loads: [{ mode: 'closed', concurrency: 2 }],
    repeats: 1,
  });
  const points = run.manifest.points.map(
    (point): Required<PointRun> => ({
      ...point,
      warmup_steady: false,
      insecure: true,
      planned_us: 2 * point.duration_us,
    }),
  );
  const manifest: Required<RunManifest> = {
    ...run.manifest,
    driver: {
      ceiling: { concurrency: 32, rps: 9000 },
      floor: { p50_ms: 0.2, p99_ms: null },
      open: { rate_rps: 1000, p50_ms: 0.3, p99_ms: 0.9, lag_p99_ms: 0.1 },
    },
    stacks: run.manifest.stacks.map(
      (stack): Required<StackRun> => ({
        ...stack,
        device: 'cpu',
        uncontrolled: true,
        unchecked: true,
        failure: { message: 'it ended', log_tail: 'with code 1' },
        cache_probe: { again_ms: [1], fresh_ms: [2] },
      }),
    ),
    points,
    capacities: [{ stack: 'servelab:none@f32', workload: 'photographs', slo: 'p95<50ms', tries: points }],
  };
  await writeSyntheticRun(folder, { ...run, manifest });
  expect((await readRun(folder)).manifest).toEqual(manifest);
});
