import {
  type Comparison,
  type Difference,
  holmAdjusted,
  type Load,
  NO_DIFFERENCE,
  type Point,
  pairedDifference,
  type StackResult,
} from '@servelab/core';
import { loadKey } from '../text/load-label.js';
import { UNANSWERED_SHARE } from './checks/saturation.js';
import { type HeadlineMetric, headlineMetric } from './headline-metric.js';

/** Differences inside this band, in per cent, are of no practical interest. */
export const BAND_PCT = 3;
const SIGNIFICANCE = 0.05;

/** The stacks of one workload that were measured at one load. */
export interface LoadGroup {
  readonly workload: string;
  readonly load: Load;
  readonly entries: readonly { readonly stack: string; readonly point: Point }[];
}

/** In the order in which workloads and loads first appear. */
export function groupByLoad(stacks: readonly StackResult[]): LoadGroup[] {
  const groups = new Map<
    string,
    { workload: string; load: Load; entries: { stack: string; point: Point }[] }
  >();
  for (const { name, workload, points } of stacks) {
    for (const point of points) {
      const key = `${workload}|${loadKey(point.load)}`;
      const group = groups.get(key) ?? { workload, load: point.load, entries: [] };
      group.entries.push({ stack: name, point });
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/**
 * Every pair of stacks at one load, by its headline metric, paired by repeat block. The pairs of one group are
 * one family of questions for Holm's correction, so that the chance to name any false winner at a load is at
 * most 5 %.
 *
 * - `a` or `b`: the corrected p-value is below 0.05 and the effect is above 3 %; or the other one does not sustain
 *   the open rate: it is saturated or fails more than 1 % of the requests (the latencies of what it did answer are
 *   then no measure of it, and there is no difference to state).
 * - `tie`: the whole 95 % interval lies inside +-3 %.
 * - `unresolved`: neither; or a point is INVALID, or neither sustains the rate, or a percentile is not supported.
 */
export function compareStacks({ workload, load, entries }: LoadGroup): Comparison[] {
  const metric = headlineMetric(load);
  const pairs = entries.flatMap((a, i) => entries.slice(i + 1).map((b) => ({ a, b })));
  const found = pairs.map(({ a, b }) =>
    comparable(metric, a.point) && comparable(metric, b.point)
      ? pairedDifference(byBlock(metric, a.point, b.point))
      : NO_DIFFERENCE,
  );
  const adjusted = holmAdjusted(found.map(({ pValue }) => pValue));
  return pairs.map(({ a, b }, i) => {
    const difference = found[i] ?? NO_DIFFERENCE;
    return {
      workload,
      metric: metric.name,
      load,
      a: a.stack,
      b: b.stack,
      difference_pct: difference.differencePct,
      verdict:
        onlyOneSustains(a.point, b.point) ?? decide(difference, adjusted[i] ?? 1, metric.lowerIsBetter),
    };
  });
}

/** Whether a point's headline figure may stand in a comparison. */
function comparable(metric: HeadlineMetric, point: Point): boolean {
  const { value, censored } = metric.stat(point);
  return point.verdict.status !== 'INVALID' && sustains(point) && value !== null && !censored;
}

/** Under closed load goodput counts what a stack fails; at an open rate nothing else does. */
export function sustains({ load, verdict, counts }: Point): boolean {
  if (load.mode === 'closed') return true;
  const { scheduled, rejected, failed, timed_out, incomplete } = counts;
  // What nobody knows of an imported point cannot speak for it.
  if (rejected === null || failed === null || timed_out === null) return false;
  const missing = rejected + failed + timed_out + incomplete;
  return verdict.status !== 'SATURATED' && missing <= UNANSWERED_SHARE * scheduled;
}

function onlyOneSustains(a: Point, b: Point): Comparison['verdict'] | null {
  if (a.verdict.status === 'INVALID' || b.verdict.status === 'INVALID') return null;
  if (sustains(a) === sustains(b)) return null;
  return sustains(a) ? 'a' : 'b';
}

function decide(
  { differencePct: { value, ci95 } }: Difference,
  adjustedP: number,
  lowerIsBetter: boolean,
): Comparison['verdict'] {
  if (value === null || ci95 === null) return 'unresolved';
  if (adjustedP < SIGNIFICANCE && Math.abs(value) > BAND_PCT) return value < 0 === lowerIsBetter ? 'a' : 'b';
  return ci95[0] >= -BAND_PCT && ci95[1] <= BAND_PCT ? 'tie' : 'unresolved';
}

/** Values of the same repeat stand side by side. */
export function byBlock(metric: HeadlineMetric, a: Point, b: Point): [number | null, number | null][] {
  const ofB = new Map(b.repeats.map((repeat) => [repeat.repeat, metric.ofRepeat(repeat)]));
  return a.repeats.map((repeat) => [metric.ofRepeat(repeat), ofB.get(repeat.repeat) ?? null]);
}
