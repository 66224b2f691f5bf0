import type { Load } from '@servelab/core';
import { judgeTry } from '../analyse/judge-try.js';
import { parseSlo } from '../analyse/slo.js';
import type { CapacityRun, PointRun } from '../record/run-folder.js';
import { readPoint } from '../report/read-run.js';
import { planRateSearch, START_SHARE, searchRate, tryDurationUs } from '../search/search-rate.js';
import { askEach } from './ask.js';
import type { BenchObserver } from './bench-event.js';
import { measureCapacity } from './calibrate.js';
import { measurePoint, type PointRequest } from './measure-turn.js';
import { pointId } from './schedule-of-runs.js';

/** How many windows a search takes, about: for the time that is announced. */
export const TYPICAL_TRIES = 10;

interface CapacitySearch {
  readonly slo: string;
  readonly relativeWidth: number;
  /** Beyond it the driver, not the stack, would be measured. */
  readonly highestRps: number;
}

/**
 * The highest rate at which a fresh process of one stack holds the SLO. Every window is kept as a point is, so that
 * the report judges it anew.
 *
 * @returns the windows that were measured, all or those before an abort
 */
export async function searchCapacity(
  request: Omit<PointRequest, 'load' | 'id'>,
  { slo: text, relativeWidth, highestRps }: CapacitySearch,
  observe: BenchObserver,
  signal: AbortSignal,
): Promise<CapacityRun> {
  const { plan, turn, running, adapter, images } = request;
  const slo = parseSlo(text);
  const tries: PointRun[] = [];
  const closedRps = await measureCapacity(plan, running, adapter, signal);
  const windows = { durationUs: plan.durationUs, relativeWidth, highestRps };
  const search = planRateSearch(START_SHARE * closedRps, slo, windows);
  // A window is told of by its outcome, not as a point of the plan.
  const observeTry: BenchObserver = (event) => {
    if (event.kind !== 'point-done') observe(event);
  };
  let overloaded = false;
  const { passRps, failRps, end } = await searchRate(search, async (rateRps, number) => {
    // One request alone is answered after all that the last window left in the queue.
    if (overloaded) await askEach(running.predictUrl, adapter, [images[0]?.path ?? ''], signal);
    const load: Load = { mode: 'open', rate_rps: rateRps, arrivals: plan.arrivals };
    const numbered = { ...turn, repeat: number };
    const durationUs = tryDurationUs(rateRps, slo, plan.durationUs);
    const point = await measurePoint(
      {
        ...request,
        turn: numbered,
        load,
        plan: { ...plan, durationUs, extension: { ...plan.extension, maxDurationUs: durationUs } },
        id: `capacity_${pointId(numbered, load)}`,
      },
      observeTry,
      signal,
    );
    if (point === null) return null;
    tries.push(point);
    const tried = judgeTry({ run: point, ...(await readPoint(plan.runDir, point.id)) }, slo);
    overloaded = tried.outcome !== 'pass';
    observe({ kind: 'rate-tried', turn, tried });
    return tried;
  });
  const capacity = { pass_rps: passRps, fail_rps: failRps };
  if (end !== 'interrupted') observe({ kind: 'search-done', turn, slo: text, capacity });
  return { stack: turn.stack, workload: turn.workload, slo: text, tries };
}
