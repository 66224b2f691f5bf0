import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StackBatching } from '@servelab/core';
import { writeAtomically } from '@servelab/node';
import type {
  CacheProbe,
  CapacityRun,
  DriverCalibration,
  PointRun,
  RunManifest,
  StackRun,
} from '../record/run-folder.js';
import type { BatchingDescription, RunningStack, Stack } from '../stacks/stack.js';
import type { ExperimentPlan, Workload } from './experiment-plan.js';
import type { GoldenResult } from './golden-check.js';

/**
 * `run.json` as it grows: written again after every point, so that whatever ends the run, what was measured
 * is kept and can be reported.
 */
export class RunJournal {
  readonly #path: string;
  readonly #manifest: RunManifest;

  constructor(plan: ExperimentPlan, startedAt: string) {
    this.#path = join(plan.runDir, 'run.json');
    this.#manifest = {
      schema_version: 1,
      run_id: plan.runId,
      command: plan.command,
      started_at: startedAt,
      finished_at: null,
      interrupted: false,
      seed: plan.seed,
      profile: plan.profile,
      config: plan.config,
      environment: plan.environment,
      model: plan.model,
      corpus: {
        name: plan.corpus.name,
        images: plan.corpus.images.length,
        sha256: plan.corpus.sha256,
        generated: plan.corpus.generated,
      },
      pinned: plan.cores.pinned,
      slo: plan.slo,
      workloads: plan.workloads.map(({ name, kind }) => ({ name, kind })),
      stacks: plan.workloads.flatMap((workload) => workload.stacks.map((stack) => describe(workload, stack))),
      points: [],
    };
  }

  get manifest(): RunManifest {
    return this.#manifest;
  }

  started(
    workload: string,
    stack: string,
    { version, device }: Pick<RunningStack, 'version' | 'device'>,
  ): void {
    const run = this.#stack(workload, stack);
    run.version = version;
    if (device != null) run.device = device;
  }

  /** Repeats add up: a stack must agree in every fresh process. */
  golden(workload: string, stack: string, result: GoldenResult): void {
    const run = this.#stack(workload, stack);
    const before = run.golden ?? { checked: 0, agreed: 0, required: 0 };
    run.golden = {
      checked: before.checked + result.checked,
      agreed: before.agreed + result.agreed,
      required: before.required + result.required,
    };
  }

  driver(calibration: DriverCalibration): void {
    this.#manifest.driver = calibration;
  }

  cacheProbe(workload: string, stack: string, probe: CacheProbe): void {
    this.#stack(workload, stack).cache_probe = probe;
  }

  failed(workload: string, stack: string, message: string, logTail: string): void {
    this.#stack(workload, stack).failure = { message, log_tail: logTail };
  }

  point(point: PointRun): void {
    this.#manifest.points.push(point);
  }

  capacity(capacity: CapacityRun): void {
    this.#manifest.capacities = [...(this.#manifest.capacities ?? []), capacity];
  }

  finish(finishedAt: string, interrupted: boolean): void {
    this.#manifest.finished_at = finishedAt;
    this.#manifest.interrupted = interrupted;
  }

  /** Atomic: a reader sees the old file or the new one. */
  async write(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    await writeAtomically(this.#path, `${JSON.stringify(this.#manifest, null, 2)}\n`);
  }

  #stack(workload: string, name: string): StackRun {
    const found = this.#manifest.stacks.find((run) => run.workload === workload && run.name === name);
    if (found === undefined) throw new Error(`${name} is not part of ${workload}`);
    return found;
  }
}

function describe(workload: Workload, stack: Stack): StackRun {
  const { name, kind, framework, form, runtime, precision, policy, uncontrolled, unchecked } = stack;
  return {
    name,
    workload: workload.name,
    kind,
    framework,
    version: 'not started',
    form,
    runtime,
    precision,
    policy,
    batching: batchingRecord(stack.batching),
    ...(uncontrolled && { uncontrolled }),
    ...(unchecked && { unchecked }),
    golden: null,
  };
}

const batchingRecord = ({ kind, maxBatchSize, windowMs }: BatchingDescription): StackBatching => ({
  kind,
  ...(maxBatchSize !== undefined && { max_batch_size: maxBatchSize }),
  ...(windowMs !== undefined && { window_ms: windowMs }),
});
