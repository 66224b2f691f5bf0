/** The batch size for every number of waiting images and of idle workers: a policy computed in advance. */
export interface BatchPlan {
  /** `smdp`, or the name of the simple plan that did better in the comparison. */
  readonly origin: string;
  /**
   * `batchSizes[idle - 1][waiting]`: images that the next idle worker gets, 0 to wait. The last row holds for more
   * idle workers, the last entry of a row for longer queues.
   */
  readonly batchSizes: readonly (readonly number[])[];
  /** A wait ends this long after the newest arrival, microseconds: then no further image is expected soon. */
  readonly waitBudgetUs: number;
  /** Largest batch, in images, when a wait ends without enough further arrivals. */
  readonly largest: number;
}

/** Holds a result of the background task, which comes from another thread, against the type. */
export function isBatchPlan(value: unknown): value is BatchPlan {
  if (typeof value !== 'object' || value === null) return false;
  const { origin, batchSizes, waitBudgetUs, largest } = value as Partial<Record<keyof BatchPlan, unknown>>;
  if (typeof origin !== 'string' || !Array.isArray(batchSizes)) return false;
  return typeof waitBudgetUs === 'number' && typeof largest === 'number';
}

/** Images for the next idle worker; 0 to wait. */
export function plannedSize({ batchSizes }: BatchPlan, idle: number, waiting: number): number {
  const row = batchSizes[Math.min(idle, batchSizes.length) - 1];
  if (row === undefined) return 0;
  return Math.min(row[Math.min(waiting, row.length - 1)] ?? 0, waiting);
}

/** What the end of a wait depends on, microseconds. */
export interface WaitBegun {
  /** Arrivals of the newest and of the oldest image that waits. */
  readonly newestUs: number;
  readonly oldestUs: number;
  /** Since when a worker has been idle without a break. */
  readonly idleSinceUs: number;
}

/** When a wait for further images ends. The wait of an image that came while all workers were busy starts afterwards. */
export function waitEndUs(
  plan: BatchPlan,
  { newestUs, oldestUs, idleSinceUs }: WaitBegun,
  maxWaitUs: number,
): number {
  return Math.min(
    Math.max(newestUs, idleSinceUs) + plan.waitBudgetUs,
    Math.max(oldestUs, idleSinceUs) + maxWaitUs,
  );
}

/**
 * Builds the rows of a plan.
 *
 * @param choose images for one of `idle` workers while `waiting` >= 1 wait
 */
export function planRows(
  workers: number,
  longestQueue: number,
  choose: (idle: number, waiting: number) => number,
): number[][] {
  return Array.from({ length: workers }, (_, row) =>
    Array.from({ length: longestQueue + 1 }, (_, waiting) => (waiting === 0 ? 0 : choose(row + 1, waiting))),
  );
}
