import { type BatchRecord, usToMs } from '@servelab/core';
import type { StartedBatch } from '../schedule/scheduler.js';
import type { ImageJob, ImageOutcome } from './inference-engine.js';
import type { FromWorker, WorkerResult } from './protocol.js';

export type DoneAnswer = Extract<FromWorker, { type: 'done' }>;

export interface RunningImage {
  readonly job: ImageJob;
  readonly arrivedUs: number;
}

export interface RunningBatch {
  readonly batch: StartedBatch;
  readonly startedUs: number;
  /** In the order of the batch; kept, since one that nobody waits for any more still runs. */
  readonly images: readonly RunningImage[];
}

/** What each image of a batch gets from the worker's answer. */
export function outcomesOf(
  running: RunningBatch,
  { results, inferUs }: DoneAnswer,
): { id: number; outcome: ImageOutcome }[] {
  return running.batch.ids.flatMap((id, n) => {
    const [result, image] = [results[n], running.images[n]];
    if (result === undefined || image === undefined) return [];
    return { id, outcome: outcomeOf(result, image, running, inferUs) };
  });
}

function outcomeOf(
  result: WorkerResult,
  { arrivedUs }: RunningImage,
  { batch, startedUs, images }: RunningBatch,
  inferUs: number,
): ImageOutcome {
  if (!result.ok) return { ok: false, code: result.code };
  const timing = {
    decodeUs: result.decodeUs,
    queueUs: startedUs - arrivedUs,
    inferUs,
    batchId: batch.id,
    batchSize: images.length,
    reason: batch.reason,
  };
  return { ok: true, top: result.top, timing };
}

/** The line of the journal. */
export function recordOf(
  { batch, startedUs, images }: RunningBatch,
  { results, inferUs }: DoneAnswer,
): BatchRecord {
  const oldestUs = Math.min(...images.map(({ arrivedUs }) => arrivedUs));
  return {
    id: batch.id,
    worker: batch.worker,
    size: images.length,
    reason: batch.reason,
    rule: batch.rule,
    formed_at_ms: usToMs(batch.formedUs),
    wait_ms: usToMs(startedUs - oldestUs),
    decode_ms: usToMs(results.reduce((sum, { decodeUs }) => sum + decodeUs, 0)),
    infer_ms: usToMs(inferUs),
    request_ids: images.map(({ job }) => job.requestId),
  };
}
