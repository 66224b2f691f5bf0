import type { Comparison } from '@servelab/core';
import type { LoadGroup } from '../analyse/compare-stacks.js';
import { equalStacks, groupsAmong } from '../analyse/equal-conditions.js';
import { headlineMetric } from '../analyse/headline-metric.js';
import { loadKey, loadLabel } from '../text/load-label.js';
import { forest } from './charts/forest.js';
import type { Picture } from './charts/picture.js';
import type { RunView, WorkloadView } from './run-view.js';

/** Beyond so many pairs a picture shows only those with the best stack; the table beside it has them all. */
const MOST_ROWS = 10;

/** The differences at each load, a picture for each set of stacks that differ only in how they serve. */
export function differencePictures(
  { report }: RunView,
  { workload, groups, stacks }: WorkloadView,
  name: (words: string) => string,
): Picture[] {
  const sets = equalStacks(stacks, workload);
  return groups.flatMap((whole, i) =>
    sets.flatMap((among, j) => {
      const [group] = groupsAmong([whole], among);
      if (group === undefined) return [];
      const { rows, withBest } = shown(group, report.comparisons);
      if (rows.length === 0) return [];
      const { load } = group;
      const metric = headlineMetric(load);
      const direction = metric.lowerIsBetter ? 'lower' : 'higher';
      const which = [workload, ...(sets.length > 1 ? [among.words] : [])].join(', ');
      return forest({
        name: name(`differences-${i + 1}${sets.length > 1 ? `-${j + 1}` : ''}`),
        title: `Differences in ${metric.words} at ${loadLabel(load)}, ${which}${withBest === null ? '' : `: ${withBest} and the others`}`,
        xTitle: `difference in ${metric.words}, first against second (${direction} is better)`,
        rows,
      });
    }),
  );
}

/** All pairs of the group; of too many, those with the stack whose figure is best. */
function shown(
  { workload, load, entries }: LoadGroup,
  comparisons: readonly Comparison[],
): { rows: Comparison[]; withBest: string | null } {
  const names = entries.map(({ stack }) => stack);
  const rows = comparisons.filter(
    (one) =>
      one.workload === workload &&
      loadKey(one.load) === loadKey(load) &&
      names.includes(one.a) &&
      names.includes(one.b),
  );
  const best = bestOf({ load, entries });
  if (rows.length <= MOST_ROWS || best === null) return { rows, withBest: null };
  return { rows: rows.filter(({ a, b }) => a === best || b === best), withBest: best };
}

function bestOf({ load, entries }: Pick<LoadGroup, 'load' | 'entries'>): string | null {
  const { stat, lowerIsBetter } = headlineMetric(load);
  const known = entries.flatMap(({ stack, point }) => {
    const { value } = stat(point);
    return value === null || point.verdict.status !== 'VALID' ? [] : [{ stack, value }];
  });
  const sign = lowerIsBetter ? 1 : -1;
  return known.sort((x, y) => sign * (x.value - y.value))[0]?.stack ?? null;
}
