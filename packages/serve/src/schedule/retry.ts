/** A batch that a worker failed to finish, or a try made of it. */
export interface Attempt {
  readonly ids: readonly number[];
  /** 1 for the first run. */
  readonly attempt: number;
}

/**
 * What to run after a worker was lost with a batch: the same batch once more (the worker may have been at
 * fault), then its images one at a time (one of them may be), so that a poisonous image fails alone.
 *
 * @returns none when every try is used up: the images have failed
 */
export function nextAttempts({ ids, attempt }: Attempt): readonly Attempt[] {
  if (ids.length === 0) return [];
  if (attempt === 1) return [{ ids, attempt: 2 }];
  if (ids.length > 1) return ids.map((id) => ({ ids: [id], attempt: attempt + 1 }));
  return [];
}
