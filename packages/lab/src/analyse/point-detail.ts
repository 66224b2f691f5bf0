import type { Load } from '@servelab/core';
import { type ErrorKind, errorsByKind } from './errors-by-kind.js';
import { latencyPopulation } from './latency-population.js';
import type { PointSample } from './point-sample.js';
import { type QuantileCurve, quantileCurve } from './quantile-curve.js';
import { type TimeBudget, timeBudget } from './time-budget.js';
import { type Timeline, timeline } from './timeline.js';

/** What the pictures show of one point beyond its figures in `report.json`. */
export interface PointDetail {
  readonly stack: string;
  readonly workload: string;
  readonly load: Load;
  readonly curve: QuantileCurve;
  /** Of the first repeat. */
  readonly timeline: Timeline;
  readonly budget: TimeBudget | null;
  readonly errors: readonly ErrorKind[];
}

/** @throws RangeError for no samples */
export function pointDetail(samples: readonly PointSample[]): PointDetail {
  const [first] = samples;
  if (first === undefined) throw new RangeError('a point needs at least one sample');
  const { stack, workload, load } = first.run;
  return {
    stack,
    workload,
    load,
    curve: quantileCurve(samples.map((sample) => latencyPopulation(sample, 'scheduled'))),
    timeline: timeline(first),
    budget: timeBudget(samples),
    errors: errorsByKind(samples),
  };
}
