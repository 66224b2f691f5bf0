import type { AttributionChain } from '../analyse/attribution.js';
import { headlineMetric } from '../analyse/headline-metric.js';
import { loadLabel } from '../text/load-label.js';
import type { Picture } from './charts/picture.js';
import { waterfall } from './charts/waterfall.js';
import type { WorkloadView } from './run-view.js';

/** Stands above the chains wherever they are shown. */
export const ATTRIBUTION_NOTE =
  'Each step leads to a stack of this run that differs in one factor only, and its speed-up is measured, paired by repeat; above 1 is faster, and steps multiply. A step from Keras to ONNX Runtime also leaves the seeds’ form for the tuned one, with all that that changes.';

export const chainTitle = ({ from, to, load }: AttributionChain): string =>
  `From ${from} to ${to} at ${loadLabel(load)}`;

/** A chain as it is drawn. */
export interface ChainPicture extends Picture {
  readonly chain: AttributionChain;
}

export function attributionPictures(
  { chains }: WorkloadView,
  name: (words: string) => string,
): ChainPicture[] {
  return chains.map((chain) => {
    const { words, unit } = headlineMetric(chain.load);
    const [start = 0, ...values] = chain.figures.map(({ stat }) => stat.value ?? 0);
    const picture = waterfall({
      name: name(`attribution-${chain.from}-to-${chain.to}-${loadLabel(chain.load)}`),
      title: chainTitle(chain),
      xTitle: `${words}, ${unit}`,
      start: { stack: chain.from, value: start },
      steps: chain.steps.map(({ factor, change, to, speedup }, n) => ({
        words: `${factor}: ${change}`,
        stack: to,
        value: values[n] ?? start,
        speedup,
      })),
    });
    return { ...picture, chain };
  });
}
