import { type BatchRecord, usToMs } from '@servelab/core';
import type { StartedBatch } from '../schedule/scheduler.js';
import type { WorkerLoss } from '../schedule/scheduler-event.js';
import type { ImageJob, ImageOutcome } from './inference-engine.js';
import type { ProcessLoss } from './place.js';
import type { DoneMessage, WorkerResult } from './protocol.js';

export interface RunningImage {
  readonly id: number;
  readonly job: ImageJob;
  readonly arrivedUs: number;
}

export interface RunningBatch {
  readonly batch: StartedBatch;
  readonly startedUs: number;
  /** In the order of the batch; kept, since one that nobody waits for any more still runs. */
  readonly images: readonly RunningImage[];
  /** Given to the worker together with the batch, to be decoded ahead. */
  readonly ahead: readonly RunningImage[];
}

/** What each image of a batch gets from the worker's answer. */
export function outcomesOf(
  running: RunningBatch,
  { results, inferUs }: DoneMessage,
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

/**
 * The loss of a worker as the event `worker-lost` has it.
 *
 * @param pending every image without an outcome: those of the request whose image took too long to decode are suspected
 *   of taking as long
 */
export function lossOfBatch(loss: ProcessLoss, pending: ReadonlyMap<number, RunningImage>): WorkerLoss {
  if (loss.kind !== 'decode-timed-out') return { kind: loss.kind };
  const { image } = loss;
  const requestId = pending.get(image)?.job.requestId;
  const suspects: number[] = [];
  for (const [id, { job }] of pending) {
    if (job.requestId === requestId && id !== image) suspects.push(id);
  }
  return { kind: loss.kind, image, suspects };
}

/** The line of the journal. */
export function recordOf(
  { batch, startedUs, images }: RunningBatch,
  { decodeUs, inferUs }: DoneMessage,
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
    decode_ms: usToMs(decodeUs),
    infer_ms: usToMs(inferUs),
    request_ids: images.map(({ job }) => job.requestId),
  };
}
