import type { LoadPlan, LoadResult } from '../load/load-plan.js';
import type { PointRun } from '../record/run-folder.js';

/** Which point of which stack a load was. */
export type PointIdentity = Pick<PointRun, 'id' | 'stack' | 'workload' | 'repeat' | 'order'>;

/** What the analysis must know of a load that has run; one that was stopped is shorter than planned. */
export function pointRunOf(
  identity: PointIdentity,
  { load, durationUs, timeoutUs, insecure }: LoadPlan,
  { aborted, startedUs, warmupUs, warmupSteady, measuredFromUs, measuredToUs }: LoadResult,
): PointRun {
  return {
    ...identity,
    load,
    warmup_us: warmupUs,
    ...(warmupSteady !== null && { warmup_steady: warmupSteady }),
    duration_us: aborted ? measuredToUs - measuredFromUs : durationUs,
    timeout_us: timeoutUs,
    ...(insecure === true && { insecure }),
    started_us: startedUs,
    ...(aborted && { planned_us: durationUs }),
  };
}
