import { meanInterval, percentile, sortSamples } from '@servelab/core';
import { measuredRecords, measuredWindow, type PointSample } from '../point-sample.js';
import { judge, type LocalCheck } from './check.js';

/** Rule 8: the chance that an honest run of steady stacks is called drifting, whatever the number of its points. */
const FALSE_ALARM = 0.01;
/** A drift below this, per cent, is no finding, however sure. */
export const DRIFT_LIMIT_PCT = 10;
/** Fewer answers in a third have no median to speak of. */
const FEWEST_ANSWERS = 5;

/** Rules 7 and 8, for a point that keeps up: in one that does not, latency grows with the backlog, which is its finding. */
export function steadyStateChecks(samples: readonly PointSample[], pointsInRun: number): LocalCheck[] {
  return [warmUp(samples), latencyDrift(samples, pointsInRun)].filter((check) => check !== null);
}

/** What the driver saw while it sent. One repeat in so many may look unsteady by chance; most of them do not. */
function warmUp(samples: readonly PointSample[]): LocalCheck | null {
  const ends = samples.flatMap(({ run }) => run.warmup_steady ?? []);
  if (ends.length === 0) return null;
  const unsteady = ends.filter((steady) => !steady).length;
  return judge('warm-up', unsteady, Math.floor(ends.length / 2));
}

/**
 * Whether the stack is as fast at the end of the measured part as at its beginning: the median service time of the
 * last third over that of the first, one ratio a repeat, Student's t over the repeats on the log scale. Requests of
 * one repeat queue behind each other and are no independent samples; repeats are.
 *
 * Failed where the whole interval lies beyond +-10 %. Its level is shared out over the points of the run
 * (Bonferroni), since one failed point makes the run INVALID.
 *
 * @returns null where fewer than two repeats can be judged, and for a load whose rate changes or that is a soak, which
 * is looked at window by window
 */
function latencyDrift(samples: readonly PointSample[], pointsInRun: number): LocalCheck | null {
  if (samples.some(({ run }) => run.load.profile !== undefined)) return null;
  const logRatios = samples.map(logRatioOfThirds).filter((ratio) => ratio !== null);
  const interval = meanInterval(logRatios, 1 - FALSE_ALARM / pointsInRun);
  if (interval === null) return null;
  const slower = perCent(interval.low);
  const faster = perCent(-interval.high);
  const direction = faster > slower ? 'faster' : 'slower';
  return judge('latency-drift', Math.max(0, slower, faster), DRIFT_LIMIT_PCT, { params: { direction } });
}

/** ln of median(last third) over median(first third); null where either has too few answers. */
function logRatioOfThirds(sample: PointSample): number | null {
  const { startUs, endUs } = measuredWindow(sample.run);
  const thirdUs = (endUs - startUs) / 3;
  const first = medianServiceUs(sample, startUs, startUs + thirdUs);
  const last = medianServiceUs(sample, endUs - thirdUs, Number.POSITIVE_INFINITY);
  return first === null || last === null ? null : Math.log(last / first);
}

/** Of the answered requests that were scheduled between two moments: each belongs to one third, however long it took. */
function medianServiceUs(sample: PointSample, fromUs: number, toUs: number): number | null {
  const serviceUs: number[] = [];
  for (const { scheduled, sent, done, outcome } of measuredRecords(sample)) {
    if (scheduled < fromUs || scheduled >= toUs || sent === null || done === null) continue;
    if (outcome === 'ok' || outcome === 'wrong') serviceUs.push(Math.max(1, done - sent));
  }
  return serviceUs.length < FEWEST_ANSWERS ? null : percentile(sortSamples(serviceUs), 0.5);
}

const perCent = (logRatio: number): number => 100 * Math.expm1(logRatio);
