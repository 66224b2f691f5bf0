import { type AttributionChain, attributionChains } from '../analyse/attribution.js';
import { headlineMetric } from '../analyse/headline-metric.js';
import { loadLabel } from '../analyse/load-label.js';
import type { Picture } from './charts/picture.js';
import { waterfall } from './charts/waterfall.js';
import type { RunView, WorkloadView } from './run-view.js';

/** Stands above the chains wherever they are shown. */
export const ATTRIBUTION_NOTE =
  'Each step leads to a stack of this run that differs in one factor only, and its speed-up is measured, paired by repeat; above 1 is faster, and steps multiply. A step from Keras to ONNX Runtime also leaves the seeds’ form for the tuned one, with all that that changes.';

/** Chains of one step are in the table of differences already. */
const FEWEST_STEPS = 2;

/** What differences are made of, at the loads that all stacks of a workload have met: closed levels. */
export function shownChains({ report }: RunView, { groups }: WorkloadView): AttributionChain[] {
  return groups
    .filter(({ load }) => load.mode === 'closed')
    .flatMap((group) => attributionChains(group, report.stacks))
    .filter(({ steps }) => steps.length >= FEWEST_STEPS);
}

export const chainTitle = ({ from, to, load }: AttributionChain): string =>
  `From ${from} to ${to} at ${loadLabel(load)}`;

/** @returns in the order of {@link shownChains}; a chain with a figure that is not positive has none */
export function attributionPictures(
  view: RunView,
  workload: WorkloadView,
  name: (words: string) => string,
): Picture[] {
  return shownChains(view, workload).flatMap((chain) => {
    const { words, unit } = headlineMetric(chain.load);
    const values = chain.figures.map(({ stat }) => stat.value ?? 0);
    const [start] = values;
    if (start === undefined || values.some((value) => value <= 0)) return [];
    return waterfall({
      name: name(`attribution-${chain.from}-to-${chain.to}-${loadLabel(chain.load)}`),
      title: chainTitle(chain),
      xTitle: `${words}, ${unit}`,
      start: { stack: chain.from, value: start },
      steps: chain.steps.map(({ factor, change, to, speedup }, n) => ({
        words: `${factor}: ${change}`,
        stack: to,
        value: values[n + 1] ?? start,
        speedup,
      })),
    });
  });
}
