import { type Counts, leastSquaresSlope, mean, studentQuantile } from '@servelab/core';
import type { SaturationSign } from '../../text/reasons.js';
import { inFlightAt } from '../in-flight.js';
import { endOfFlightUs, measuredWindow, type PointSample } from '../point-sample.js';

/** Share of requests without an answer from which a stack counts as not keeping up. */
export const UNANSWERED_SHARE = 0.01;
/** One-sided 99 % of the normal distribution. */
const NORMAL_99 = 2.326;
const SLOPE_MOMENTS = 20;
/** A backlog that grows by less than this share of the arrivals is no finding, however sure. */
const MATERIAL_GROWTH = 0.05;

/**
 * Why a stack does not keep up with an open-loop rate; [] where it does. Three signs, each beyond chance at the
 * 99 % level (plain percentage windows reject honest Poisson data at these rates): requests without an answer,
 * completions behind arrivals, and a backlog that grows over the window in the same way in every repeat.
 */
export function saturationSigns(samples: readonly PointSample[], counts: Counts): SaturationSign[] {
  return [unanswered(counts), completionsBehind(samples), growingBacklog(samples)].filter(
    (sign) => sign !== null,
  );
}

/** Failed requests are not among these: a stack may fail for other reasons than load. */
function unanswered({ scheduled, rejected, timed_out, incomplete }: Counts): SaturationSign | null {
  if (rejected + timed_out + incomplete <= UNANSWERED_SHARE * scheduled) return null;
  return { id: 'unanswered-requests', scheduled, rejected, timed_out, incomplete };
}

/** Arrivals of a stationary stack leave again: over a window the difference is a few requests, far below sqrt(arrivals). */
function completionsBehind(samples: readonly PointSample[]): SaturationSign | null {
  let arrivals = 0;
  let completions = 0;
  for (const sample of samples) {
    const { startUs, endUs } = measuredWindow(sample.run);
    const inside = (moment: number) => moment >= startUs && moment < endUs;
    for (const record of sample.records) {
      if (inside(record.scheduled)) arrivals++;
      if (inside(endOfFlightUs(record, sample.run.timeout_us))) completions++;
    }
  }
  if (arrivals - completions <= NORMAL_99 * Math.sqrt(arrivals)) return null;
  return { id: 'completions-behind', completions, arrivals };
}

/** Least-squares growth of the requests in flight over the window, by Student's t over the repeats. */
function growingBacklog(samples: readonly PointSample[]): SaturationSign | null {
  if (samples.length < 2) return null;
  const growths = samples.map(backlogGrowth);
  const centre = mean(growths) ?? 0;
  const variance = growths.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (growths.length - 1);
  const standardError = Math.sqrt(variance / growths.length);
  const beyondChance = centre > studentQuantile(0.99, growths.length - 1) * standardError;
  const arrivals = mean(samples.map(({ records }) => records.length)) ?? 0;
  if (!beyondChance || centre < Math.max(2, MATERIAL_GROWTH * arrivals)) return null;
  return { id: 'growing-backlog', growth: Math.round(centre) };
}

function backlogGrowth(sample: PointSample): number {
  const { startUs, endUs } = measuredWindow(sample.run);
  const stepUs = (endUs - startUs) / (SLOPE_MOMENTS - 1);
  const moments = Array.from({ length: SLOPE_MOMENTS }, (_, i) => startUs + i * stepUs);
  return leastSquaresSlope(inFlightAt(sample, moments)) * (SLOPE_MOMENTS - 1);
}
