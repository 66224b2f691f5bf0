import { type BatchPlan, plannedTake } from './batch-plan.js';

/** One moment of a replay at which images wait and a worker is idle. */
export interface ReplayMoment {
  readonly nowUs: number;
  readonly idle: number;
  readonly waiting: number;
  readonly oldestUs: number;
  readonly newestUs: number;
  readonly idleSinceUs: number;
}

/**
 * What the plan does, as `optimal` follows it (policies/optimal.ts).
 *
 * @returns images to run now, or the moment until which to wait, negated
 */
export function nextBatch(plan: BatchPlan, moment: ReplayMoment, maxWaitUs: number): number {
  const size = plannedTake(plan, moment.idle, moment.waiting);
  if (size > 0) return size;
  const endUs = Math.min(
    Math.max(moment.newestUs, moment.idleSinceUs) + plan.patienceUs,
    Math.max(moment.oldestUs, moment.idleSinceUs) + maxWaitUs,
  );
  return endUs > moment.nowUs ? -endUs : Math.min(moment.waiting, plan.largest);
}
