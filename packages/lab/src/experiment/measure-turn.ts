import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, type Load, monotonicNowUs, US_PER_S } from '@servelab/core';
import { writeAtomically } from '@servelab/node';
import type { AdapterSpec } from '../adapters/adapter.js';
import { isNoisy } from '../analyse/noise.js';
import type { LoadPlan, LoadResult, LoadShape, PlannedImage } from '../load/load-plan.js';
import { runDriver } from '../load/run-driver.js';
import { driverCores } from '../machine/cores.js';
import { readCpuTicks, spinProbeMs, stealShare } from '../machine/noise-probe.js';
import type { PointRun, ServerSide } from '../record/run-folder.js';
import type { RunningStack, Stack } from '../stacks/stack.js';
import { askEach } from './ask.js';
import type { BenchObserver } from './bench-event.js';
import type { ExperimentPlan } from './experiment-plan.js';
import { checkGolden, type GoldenResult } from './golden-check.js';
import { pointDurationUs, pointWarmup } from './point-duration.js';
import { pointRunOf } from './point-run.js';
import type { Reference } from './reference-answers.js';
import { pointId, type StackTurn } from './schedule-of-runs.js';
import { ServerWatch } from './server-watch.js';

/** Holds a running stack's answers against the golden set of its workload. */
export async function checkTurn(
  stack: Pick<Stack, 'adapter' | 'precision'>,
  predictUrl: string,
  reference: Reference,
  signal: AbortSignal,
): Promise<GoldenResult> {
  const paths = reference.golden.map(({ path }) => path);
  const answers = await askEach(predictUrl, stack.adapter, paths, signal);
  return checkGolden(reference.golden, answers, stack.precision);
}

/** How often one disturbed point is measured at most; then it stays as it is, and the check says so. */
const MOST_ATTEMPTS = 8;

/** How many more measurements the run can afford, all points together. */
export interface RedoBudget {
  left: number;
}

/** What one window against one running stack is made of. */
export interface PointRequest {
  readonly plan: ExperimentPlan;
  readonly turn: StackTurn;
  readonly load: Load;
  readonly running: RunningStack;
  readonly adapter: AdapterSpec;
  readonly images: readonly PlannedImage[];
  /** Time of the noise probe on this machine at its best, ms. */
  readonly fastestSpinMs: number;
  readonly redo: RedoBudget;
  /** Name of its files, where that of the turn and load is taken. */
  readonly id?: string;
}

/**
 * One load against one running stack: drives it, watches it, and writes `records/` and `server/`. Done again
 * where the machine was disturbed meanwhile.
 *
 * @returns null when it was aborted: half a window is no measurement
 */
export async function measurePoint(
  request: PointRequest,
  observe: BenchObserver,
  signal: AbortSignal,
): Promise<PointRun | null> {
  const { plan, turn, load, running } = request;
  const id = request.id ?? pointId(turn, load);
  for (let attempt = 1; ; attempt++) {
    const measured = await measureOnce(request, id, observe, signal);
    if (measured === null) return null;
    const { result, server } = measured;
    if (isNoisy(server) && attempt < MOST_ATTEMPTS && request.redo.left > 0 && running.alive()) {
      request.redo.left--;
      observe({ kind: 'disturbed', turn, load, attempt });
      continue;
    }
    await mkdir(join(plan.runDir, 'server'), { recursive: true });
    await writeAtomically(join(plan.runDir, 'server', `${id}.json`), `${JSON.stringify(server)}\n`);
    const { scheduled, ok } = result.counts;
    const measuredS = (result.measuredToUs - result.measuredFromUs) / US_PER_S;
    observe({ kind: 'point-done', turn, load, throughputRps: ok / measuredS, errors: scheduled - ok });
    const { stack, workload, repeat, order } = turn;
    return pointRunOf({ id, stack, workload, repeat, order }, measured.driven, result);
  }
}

async function measureOnce(
  { plan, turn, load, running, adapter, images, fastestSpinMs }: PointRequest,
  id: string,
  observe: BenchObserver,
  signal: AbortSignal,
): Promise<{ driven: LoadPlan; result: LoadResult; server: ServerSide } | null> {
  const ticksBefore = await readCpuTicks();
  const spinBeforeMs = spinProbeMs(fastestSpinMs);
  const driven: LoadPlan = {
    url: running.predictUrl,
    adapter,
    images,
    load: requireShape(load),
    ...pointWarmup(load, plan),
    durationUs: pointDurationUs(load, plan),
    timeoutUs: plan.timeoutUs,
    graceUs: plan.graceUs,
    // The same arrivals and the same order of images for every stack; another one in each repeat.
    seed: plan.seed + turn.repeat,
    checkShare: plan.checkShare,
    recordsPath: join(plan.runDir, 'records', `${id}.ndjson`),
  };
  const watch = new ServerWatch(running, monotonicNowUs);
  watch.start();
  const result = await runDriver(driven, {
    ...driverCores(plan.cores),
    signal,
    onProgress: (progress) => observe({ kind: 'progress', turn, load, progress }),
  }).finally(() => watch.stop());
  if (result.aborted) return null;
  if (result.unwritten !== undefined) throw unwritten(driven.recordsPath, result.unwritten.reason);
  const spinAfterMs = spinProbeMs(spinBeforeMs);
  const server: ServerSide = {
    cpu_s: watch.cpuBetween(result.measuredFromUs, result.measuredToUs),
    rss_mb: watch.rssMb(),
    batches: watch.batchesSince(result.startedUs),
    client_utilisation: result.utilisation,
    spin_before_ms: spinBeforeMs,
    spin_after_ms: spinAfterMs,
    steal: stealShare(ticksBefore, await readCpuTicks()),
  };
  return { driven, result, server };
}

const unwritten = (path: string, reason: string) =>
  environmentError(
    `the records ${path} cannot be written (${reason})`,
    'Make room, or name another folder with --out.',
  );

function requireShape(load: Load): LoadShape {
  if (load.mode === 'closed' && load.concurrency !== undefined) {
    return { mode: 'closed', concurrency: load.concurrency };
  }
  if (load.mode === 'open' && load.rate_rps !== undefined && load.arrivals !== undefined) {
    return { mode: 'open', rate_rps: load.rate_rps, arrivals: load.arrivals };
  }
  throw new Error(`a load needs a concurrency, or a rate and its arrivals: ${JSON.stringify(load)}`);
}
