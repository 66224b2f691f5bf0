import { type BatchPlan, plannedTake, type WaitBegun, waitEndUs } from './batch-plan.js';

/** One moment of a replay at which images wait and a worker is idle. */
export interface ReplayMoment extends WaitBegun {
  readonly nowUs: number;
  readonly idle: number;
  readonly waiting: number;
}

/**
 * What the plan does where no image has a deadline.
 *
 * @returns images to run now, or the moment until which to wait, negated
 */
export function nextBatch(plan: BatchPlan, moment: ReplayMoment, maxWaitUs: number): number {
  const size = plannedTake(plan, moment.idle, moment.waiting);
  if (size > 0) return size;
  const endUs = waitEndUs(plan, moment, maxWaitUs);
  return endUs > moment.nowUs ? -endUs : Math.min(moment.waiting, plan.largest);
}
