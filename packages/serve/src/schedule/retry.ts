import type { WorkerLoss } from './scheduler-event.js';

/** A batch that a worker failed to finish, or one of the attempts that follow it. */
export interface Attempt {
  readonly ids: readonly number[];
  /** 1 for the first run. */
  readonly attempt: number;
}

/**
 * What to run after a worker was lost with a batch, so that a failing input fails alone. After a worker that ended: the
 * same batch once more (the worker may be the cause), then its images one at a time (one of them may be the cause). A
 * time-out has cost so much that the images are separated at once.
 *
 * @returns none after the last attempt: the images have failed
 */
export function nextAttempts({ ids, attempt }: Attempt, kind: 'ended' | 'timed-out'): readonly Attempt[] {
  if (ids.length === 0) return [];
  const isSplit = ids.length > 1 && (attempt > 1 || kind === 'timed-out');
  if (isSplit) return ids.map((id) => ({ ids: [id], attempt: attempt + 1 }));
  return attempt === 1 ? [{ ids, attempt: 2 }] : [];
}

/**
 * What to run of a batch that was lost because an image took too long to decode: if that was an image of the batch, the
 * others one at a time; if it was decoded ahead of another batch, the whole batch again. This does not count as an attempt.
 * Suspects come last, as each may cost as much again.
 */
export function splitByOverrun(
  { ids, attempt }: Attempt,
  { image, suspects }: Extract<WorkerLoss, { kind: 'decode-timed-out' }>,
): { readonly innocent: readonly Attempt[]; readonly suspected: readonly Attempt[] } {
  const alone = (id: number): Attempt => ({ ids: [id], attempt });
  const isSuspect = new Set(suspects);
  const others = ids.filter((id) => id !== image);
  const isOfBatch = others.length < ids.length;
  const innocent = others.filter((id) => !isSuspect.has(id));
  return {
    innocent: isOfBatch || innocent.length === 0 ? innocent.map(alone) : [{ ids: innocent, attempt }],
    suspected: others.filter((id) => isSuspect.has(id)).map(alone),
  };
}
