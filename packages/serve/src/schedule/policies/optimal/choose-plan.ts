import type { BatchPlan } from './batch-plan.js';
import { type PlanningProblem, simplePlans, smdpPlan } from './candidate-plans.js';
import { replayLoop, replayPlan } from './replay.js';
import type { ClosedLoop } from './returning-clients.js';

/** Everything that a plan is made from; plain data, so that it can be sent to another thread. */
export interface PlanRequest {
  readonly costsUs: readonly number[];
  /** Mean time between arrivals, the silence since the last one included; > 0. */
  readonly meanGapUs: number;
  /** The last gaps between arrivals, microseconds, oldest first: burstiness is in them. */
  readonly gapsUs: Float64Array;
  /** Where arrivals follow results: then they are replayed in this way. */
  readonly loop?: ClosedLoop;
  readonly workers: number;
  readonly maxWaitUs: number;
}

/** Fewer gaps say nothing about bursts: then the SMDP's solution stands alone. */
const ENOUGH_GAPS = 200;
/** A simple plan must be this much better than the SMDP's in the replay; less is chance. */
const CONVINCING_SHARE = 0.003;
/** A closed loop repeats itself soon. */
const LOOP_IMAGES = 1000;
/** Rounds of the comparison: each halves the field and replays twice as much. */
const FIRST_ROUND_IMAGES = 2000;

/**
 * The SMDP's solution for the costs and the mean rate, or the simple plan that does better on the recent arrivals
 * themselves. A pure function of the request.
 */
export default function choosePlan(request: PlanRequest): BatchPlan {
  const { costsUs, meanGapUs, gapsUs, loop, workers, maxWaitUs } = request;
  const problem: PlanningProblem = { costsUs, workers, ratePerUs: 1 / meanGapUs };
  const smdp = smdpPlan(problem);
  if (gapsUs.length < ENOUGH_GAPS && loop === undefined) return smdp;

  const world = { costsUs, workers, maxWaitUs };
  const arrivalsUs = momentsOf(gapsUs);
  const longest = loop === undefined ? arrivalsUs.length : LOOP_IMAGES;
  const meanOf = (plan: BatchPlan, images: number) =>
    loop === undefined
      ? replayPlan(plan, arrivalsUs.subarray(0, images), world)
      : replayLoop(plan, loop, images, world);
  const ranked = (plans: readonly BatchPlan[], images: number) =>
    plans
      .map((plan) => ({ plan, meanUs: meanOf(plan, images) }))
      .sort((one, other) => one.meanUs - other.meanUs);

  let field = simplePlans(problem);
  for (let images = FIRST_ROUND_IMAGES; images < longest && field.length > 2; images *= 2) {
    field = ranked(field, images)
      .slice(0, Math.ceil(field.length / 2))
      .map(({ plan }) => plan);
  }
  const [best] = ranked(field, longest);
  const smdpUs = meanOf(smdp, longest);
  return best !== undefined && best.meanUs < smdpUs * (1 - CONVINCING_SHARE) ? best.plan : smdp;
}

function momentsOf(gapsUs: Float64Array): Float64Array {
  let atUs = 0;
  return gapsUs.map((gapUs) => {
    atUs += gapUs;
    return atUs;
  });
}
