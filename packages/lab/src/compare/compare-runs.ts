import {
  type Difference,
  holmAdjusted,
  type Load,
  NO_DIFFERENCE,
  type Point,
  type Report,
  type Stat,
  unpairedDifference,
} from '@servelab/core';
import { groupByLoad } from '../analyse/compare-stacks.js';
import { loadKey } from '../text/load-label.js';
import { headlineNames, type RunMetric, runMetric } from './run-metrics.js';

/** The chance of even one false alarm in the whole comparison, and of one false "better". */
const SIGNIFICANCE = 0.05;

export interface CompareRequest {
  /** Names of the figures to look at; empty: the one that decides at each load. */
  readonly metrics: readonly string[];
  /** What may be lost before it counts, per cent. */
  readonly maxRegressionPct: number;
}

export type RunVerdict = 'regression' | 'improvement' | 'same' | 'unresolved';

export interface RunComparisonRow {
  readonly workload: string;
  readonly stack: string;
  readonly load: Load;
  readonly metric: RunMetric;
  readonly before: Stat;
  readonly after: Stat;
  readonly difference: Difference;
  readonly verdict: RunVerdict;
  /** Why a verdict stands without a difference, or why there is none. */
  readonly note?: string;
}

export interface RunComparison {
  readonly rows: readonly RunComparisonRow[];
  /** What the first run measured and the second did not: a stack that no longer starts must not pass unseen. */
  readonly gone: readonly UnmatchedPoint[];
  /** What only the second run measured. */
  readonly added: readonly UnmatchedPoint[];
}

export interface UnmatchedPoint {
  readonly workload: string;
  readonly stack: string;
  /** null where the other run has nothing of the whole stack. */
  readonly load: Load | null;
}

/**
 * Two runs, figure by figure, wherever both measured the same stack at the same load. Their repeats have nothing in
 * common, so the test is Welch's; all figures are one family of questions for Holm's correction.
 *
 * - `regression`: worse by more than may be lost, with a corrected p-value below 0.05; or saturated where it was not.
 * - `improvement`: better by more than that, as surely; or no longer saturated.
 * - `same`: the whole 95 % interval lies within it.
 * - `unresolved`: neither; or a point is INVALID, or has no such figure.
 *
 * @throws UserError (exit code 2) for a metric that is none
 */
export function compareRuns(before: Report, after: Report, request: CompareRequest): RunComparison {
  const [ofBefore, ofAfter] = [pointsByKey(before), pointsByKey(after)];
  const pairs = [...ofBefore].flatMap(([key, one]) => {
    const other = ofAfter.get(key);
    if (other === undefined) return [];
    const names = request.metrics.length > 0 ? request.metrics : headlineNames(one.point.load);
    return names.map((name) => ({ ...one, metric: runMetric(name), later: other.point }));
  });
  const found = pairs.map(({ point, later, metric }) =>
    lacks(point, metric) === null && lacks(later, metric) === null
      ? unpairedDifference(later.repeats.map(metric.ofRepeat), point.repeats.map(metric.ofRepeat))
      : NO_DIFFERENCE,
  );
  const adjusted = holmAdjusted(found.map(({ pValue }) => pValue));
  const rows = pairs.map(({ workload, stack, point, later, metric }, n): RunComparisonRow => {
    const difference = found[n] ?? NO_DIFFERENCE;
    const judged = judgeWithoutFigures(point, later, metric) ?? {
      verdict: judge(difference, adjusted[n] ?? 1, metric.lowerIsBetter, request.maxRegressionPct),
    };
    return {
      ...{ workload, stack, load: point.load, metric, difference },
      ...{ before: metric.stat(point), after: metric.stat(later), ...judged },
    };
  });
  return { rows, gone: onlyIn(ofBefore, ofAfter), added: onlyIn(ofAfter, ofBefore) };
}

interface NamedPoint {
  readonly workload: string;
  readonly stack: string;
  readonly point: Point;
}

function pointsByKey({ stacks }: Report): Map<string, NamedPoint> {
  return new Map(
    groupByLoad(stacks).flatMap(({ workload, load, entries }) =>
      entries.map(({ stack, point }) => [
        [workload, stack, loadKey(load)].join('|'),
        { workload, stack, point },
      ]),
    ),
  );
}

/** Why a point has no figure to compare; null where it has one. */
function lacks(point: Point, metric: RunMetric): string | null {
  if (point.verdict.status !== 'VALID') return point.verdict.status;
  const { value, censored } = metric.stat(point);
  if (value === null) return `too few requests for ${metric.name}`;
  return censored ? `${metric.name} is only a lower bound` : null;
}

/** What can be said without a difference; null where the figures have to decide. */
function judgeWithoutFigures(
  before: Point,
  after: Point,
  metric: RunMetric,
): { verdict: RunVerdict; note: string } | null {
  const [was, is] = [before.verdict.status, after.verdict.status];
  if (was === 'VALID' && is === 'SATURATED') return { verdict: 'regression', note: 'saturated now' };
  if (was === 'SATURATED' && is === 'VALID') return { verdict: 'improvement', note: 'no longer saturated' };
  const [lackBefore, lackAfter] = [lacks(before, metric), lacks(after, metric)];
  if (lackBefore === null && lackAfter === null) return null;
  if (lackBefore === lackAfter) return { verdict: 'unresolved', note: `${lackBefore} in both runs` };
  const words = lackBefore === null ? `${lackAfter} after` : `${lackBefore} before`;
  return { verdict: 'unresolved', note: words };
}

function judge(
  { differencePct: { value, ci95 } }: Difference,
  adjustedP: number,
  lowerIsBetter: boolean,
  maxRegressionPct: number,
): RunVerdict {
  if (value === null || ci95 === null) return 'unresolved';
  if (adjustedP < SIGNIFICANCE && Math.abs(value) > maxRegressionPct)
    return value < 0 === lowerIsBetter ? 'improvement' : 'regression';
  return ci95[0] >= -maxRegressionPct && ci95[1] <= maxRegressionPct ? 'same' : 'unresolved';
}

/** A stack once where the other run has none of its loads, otherwise each of its loads. */
function onlyIn(one: Map<string, NamedPoint>, other: Map<string, NamedPoint>): UnmatchedPoint[] {
  const stackOf = ({ workload, stack }: NamedPoint) => [workload, stack].join('|');
  const known = new Set([...other.values()].map(stackOf));
  const unmatched = new Map<string, UnmatchedPoint>();
  for (const [key, point] of one) {
    if (other.has(key)) continue;
    const { workload, stack } = point;
    if (known.has(stackOf(point))) unmatched.set(key, { workload, stack, load: point.point.load });
    else unmatched.set(stackOf(point), { workload, stack, load: null });
  }
  return [...unmatched.values()];
}
