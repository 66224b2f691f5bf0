import { monotonicNowUs } from '@servelab/core';
import { batchCostMs } from '../runtime/cost-curve.js';
import type { DeviceUse } from '../runtime/devices.js';
import { firstUsableDevice } from '../runtime/first-usable-device.js';
import type { RuntimeSpec } from '../runtime/model-runtime.js';
import { openRuntime } from '../runtime/open-runtime.js';
import { BatchRunner } from './batch-runner.js';
import type { DecodeStage, SlowDecodingObserver } from './decode-stage/decode-stage.js';
import { decodeStageFor } from './decode-stage/decode-stage-for.js';
import type { RunnerSetup } from './protocol.js';

type OnnxSpec = Extract<RuntimeSpec, { kind: 'onnx' }>;

/** A runner that is warm, and what it found its batches to cost. */
export interface OpenRunner {
  readonly runner: BatchRunner;
  /** Inference of n images at index n - 1, milliseconds; empty where it was not measured. */
  readonly costsMs: readonly number[];
  /** Null where no device is: a simulated runtime. */
  readonly device: DeviceUse | null;
}

/**
 * @param measureCosts of every batch size; otherwise the costs stay unknown
 * @param slow told of images whose decoding takes long
 * @throws where the runtime cannot be opened, on any of the devices
 */
export async function openRunner(
  setup: RunnerSetup,
  measureCosts: boolean,
  slow?: SlowDecodingObserver,
): Promise<OpenRunner> {
  const stage = decodeStageFor(setup, monotonicNowUs, slow);
  try {
    return await openOn(stage, setup, measureCosts);
  } catch (error) {
    await stage.close();
    throw error;
  }
}

async function openOn(stage: DecodeStage, setup: RunnerSetup, measureCosts: boolean): Promise<OpenRunner> {
  const { runtime: spec, maxBatchSize, devices } = setup;
  // A simulated runtime costs what it was told to, from the first batch on, and runs on no device.
  if (spec.kind === 'simulated') {
    const runner = new BatchRunner(await openRuntime(spec), stage, monotonicNowUs);
    await stage.ready;
    return { runner, costsMs: costsUpTo(maxBatchSize, spec.costMs), device: null };
  }
  const found = await firstUsableDevice(devices, (device) =>
    openWarm({ ...spec, device }, stage, maxBatchSize),
  );
  const { runner, placement } = found.opened;
  return {
    runner,
    costsMs: measureCosts ? await runner.measureCosts(maxBatchSize) : [],
    device: {
      ...{ device: found.device, unusable: found.unusable },
      ...{ nodes: placement?.nodes ?? null, nodesOnCpu: placement?.nodesOnCpu ?? 0 },
    },
  };
}

/** The largest batch has run as well: a device that has no memory for it cannot be used. */
async function openWarm(spec: OnnxSpec, stage: DecodeStage, maxBatchSize: number) {
  const runtime = await openRuntime(spec);
  const runner = new BatchRunner(runtime, stage, monotonicNowUs, spec.topK);
  try {
    await stage.ready;
    await runner.warmUp(maxBatchSize);
  } catch (error) {
    await runtime.close();
    throw error;
  }
  return { runner, placement: runtime.placement };
}

function costsUpTo(maxBatchSize: number, costMs: readonly number[]): number[] {
  return Array.from({ length: maxBatchSize }, (_, index) => batchCostMs(costMs, index + 1));
}
