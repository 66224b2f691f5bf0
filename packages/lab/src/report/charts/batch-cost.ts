import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { digits } from '../../text/figure-words.js';
import { xAxis, yAxis } from './frame.js';
import { legend } from './legend.js';
import type { Picture } from './picture.js';
import { mark, type Styles, seriesGroup } from './series-style.js';
import { node } from './svg.js';

export interface BatchCostOptions {
  readonly name: string;
  readonly title: string;
  readonly costs: readonly { readonly stack: string; readonly costMs: ReadonlyMap<number, number> }[];
}

const WIDTH = 720;

/** What one image costs in a batch of each size: a curve that falls is what batching has to offer. */
export function batchCost({ name, title, costs }: BatchCostOptions, styles: Styles): Picture {
  const key = legend(
    costs.map(({ stack }) => stack),
    styles,
    12,
    WIDTH - 24,
  );
  const plot = { left: 64, right: WIDTH - 28, top: key.height + 28, bottom: key.height + 228 };
  const sizes = costs.flatMap(({ costMs }) => [...costMs.keys()]);
  const perImage = costs.flatMap(({ costMs }) => [...costMs].map(([size, ms]) => ms / size));
  const x = scaleLinear([0.5, Math.max(2, ...sizes) + 0.5], [plot.left, plot.right]);
  const y = scaleLinear([0, Math.max(...perImage) * 1.1], [plot.bottom, plot.top]);
  const xTicks = x
    .ticks(8)
    .filter(Number.isInteger)
    .map((size) => ({ at: x(size), label: String(size) }));
  const yTicks = y.ticks(5).map((ms) => ({ at: y(ms), label: digits(ms) }));
  const drawn = costs.map(({ stack, costMs }) => {
    const style = styles(stack);
    const points = [...costMs].sort(([a], [b]) => a - b);
    const curve = line<[number, number]>(
      ([size]) => x(size),
      ([size, ms]) => y(ms / size),
    ).digits(1)(points);
    const marks = points.map(([size, ms]) =>
      mark(style, {
        x: x(size),
        y: y(ms / size),
        more: `, batch of ${size}: ${digits(ms)} ms, ${digits(ms / size)} ms an image`,
      }),
    );
    const drawnCurve = node('path', { class: 'series', 'stroke-dasharray': style.dash, d: curve ?? '' });
    return seriesGroup(style, stack, drawnCurve, ...marks);
  });
  return {
    name,
    title,
    description: 'Mean inference time an image, in milliseconds, by the number of images in the batch.',
    width: WIDTH,
    height: plot.bottom + 44,
    body: [
      key.svg,
      xAxis(plot, xTicks, 'images in the batch'),
      yAxis(plot, yTicks, 'inference, ms an image'),
      ...drawn,
    ].join(''),
  };
}
