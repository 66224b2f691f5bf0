import type { WorkerLoss } from './scheduler-event.js';

/** A batch that a worker failed to finish, or a try made of it. */
export interface Attempt {
  readonly ids: readonly number[];
  /** 1 for the first run. */
  readonly attempt: number;
}

/**
 * What to run after a worker was lost with a batch, so that a poisonous image fails alone. One that ended: the same batch
 * once more (the worker may have been at fault), then its images one at a time (one of them may be). One that timed out
 * has cost so much that its images are parted at once.
 *
 * @returns none when every try is used up: the images have failed
 */
export function nextAttempts({ ids, attempt }: Attempt, kind: 'ended' | 'timed-out'): readonly Attempt[] {
  if (ids.length === 0) return [];
  const isParted = ids.length > 1 && (attempt > 1 || kind === 'timed-out');
  if (isParted) return ids.map((id) => ({ ids: [id], attempt: attempt + 1 }));
  return attempt === 1 ? [{ ids, attempt: 2 }] : [];
}

/**
 * What to run of a batch that was lost because one of its images took too long to decode: the others, one at a time;
 * all together where it was an image that was decoded ahead of another batch. That was no try of theirs. Suspects come
 * last, as each may cost as much again.
 */
export function partedByOverrun(
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
