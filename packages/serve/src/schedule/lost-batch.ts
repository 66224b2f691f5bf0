import type { ErrorCode } from '@servelab/core';
import type { HeldBatch, ImageQueue } from './image-queue.js';
import { nextAttempts, splitByOverrun } from './retry.js';
import type { WorkerLoss } from './scheduler-event.js';

/** What became of the images of a worker that was lost. */
export interface Requeued {
  /** Images that have failed. */
  readonly failed: readonly { readonly id: number; readonly code: ErrorCode }[];
  /** Images that waited and now do not, as they failed or are suspected: a policy must no longer count on them. */
  readonly withdrawn: readonly number[];
}

/**
 * Puts what is left of a lost worker's batch back into the queue, to be tried again as `retry.ts` says.
 *
 * @param batch what ran on the worker, if anything did
 */
export function requeueLost(
  queue: ImageQueue,
  batch: HeldBatch | undefined,
  loss: WorkerLoss,
  nowUs: number,
): Requeued {
  const requeued =
    loss.kind === 'decode-timed-out'
      ? requeueOverrun(queue, batch, loss, nowUs)
      : { failed: requeueBatch(queue, batch, loss.kind, nowUs), withdrawn: [] };
  for (const { id } of requeued.failed) queue.forget(id);
  return requeued;
}

function requeueBatch(
  queue: ImageQueue,
  batch: HeldBatch | undefined,
  kind: 'ended' | 'timed-out',
  nowUs: number,
): Requeued['failed'] {
  if (batch === undefined) return [];
  const ids = batch.ids.filter((id) => queue.isWanted(id));
  const attempts = nextAttempts({ ids, attempt: batch.attempt }, kind);
  for (const next of attempts) {
    const reason = `a worker was lost with the batch: attempt ${next.attempt}`;
    queue.retry({ ...next, reason, rule: 'retry', formedUs: nowUs });
  }
  return attempts.length > 0 ? [] : ids.map((id) => ({ id, code: 'inference_failed' }));
}

/**
 * One image took too long to decode: one of the batch, or one that was decoded ahead. It has failed; the others of the
 * batch run again, and suspects later.
 */
function requeueOverrun(
  queue: ImageQueue,
  batch: HeldBatch | undefined,
  loss: Extract<WorkerLoss, { kind: 'decode-timed-out' }>,
  nowUs: number,
): Requeued {
  const held = { rule: 'retry', formedUs: nowUs };
  const ids = batch?.ids.filter((id) => id === loss.image || queue.isWanted(id)) ?? [];
  const { innocent, suspected } = splitByOverrun({ ids, attempt: batch?.attempt ?? 1 }, loss);
  for (const next of innocent) {
    const reason = 'another image of its batch took too long to decode';
    queue.retry({ ...next, ...held, reason });
  }
  const queued = loss.suspects.filter((id) => queue.isQueued(id) && !queue.isSuspected(id));
  const withdrawn = queued.filter((id) => queue.isWaiting(id));
  for (const next of [...suspected, ...queued.map((id) => ({ ids: [id], attempt: 1 }))]) {
    const reason = 'another image of its request took too long to decode';
    queue.suspect({ ...next, ...held, reason });
  }
  if (!queue.isWanted(loss.image)) return { failed: [], withdrawn };
  if (queue.isWaiting(loss.image)) withdrawn.push(loss.image);
  return { failed: [{ id: loss.image, code: 'image_too_complex' }], withdrawn };
}
