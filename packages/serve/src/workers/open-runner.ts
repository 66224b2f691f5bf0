import { monotonicNowUs } from '@servelab/core';
import { createDecoder } from '../decode/decoder.js';
import { batchCostMs } from '../runtime/cost-curve.js';
import type { ImageHandling } from '../runtime/model-runtime.js';
import { openRuntime } from '../runtime/open-runtime.js';
import { BatchRunner } from './batch-runner.js';
import type { RunnerSetup } from './protocol.js';

/** A runner that is warm, and what it found its batches to cost. */
export interface OpenRunner {
  readonly runner: BatchRunner;
  /** Inference of n images at index n - 1, milliseconds; empty where it was not measured. */
  readonly costsMs: readonly number[];
}

/**
 * @param measureCosts of every batch size; otherwise the costs stay unknown
 * @throws where the runtime cannot be opened
 */
export async function openRunner(setup: RunnerSetup, measureCosts: boolean): Promise<OpenRunner> {
  const { runtime: spec, maxBatchSize, fastDecode } = setup;
  const runtime = await openRuntime(spec);
  const { cropRatio, topK }: ImageHandling = spec.kind === 'onnx' ? spec : {};
  const decoder = createDecoder({
    maxPixels: setup.maxImagePixels,
    maxSide: setup.maxImageSide,
    fastDecode,
    cropRatio,
  });
  const runner = new BatchRunner(runtime, decoder, maxBatchSize, monotonicNowUs, topK);
  // A simulated runtime costs what it was told to, from the first batch on.
  if (spec.kind === 'simulated') return { runner, costsMs: costsUpTo(maxBatchSize, spec.costMs) };
  await runner.warmUp(maxBatchSize);
  return { runner, costsMs: measureCosts ? await runner.measureCosts(maxBatchSize) : [] };
}

function costsUpTo(maxBatchSize: number, costMs: readonly number[]): number[] {
  return Array.from({ length: maxBatchSize }, (_, index) => batchCostMs(costMs, index + 1));
}
