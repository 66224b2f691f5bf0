import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { QuantileCurve } from '../../analyse/quantile-curve.js';
import { digits } from '../../text/figure-words.js';
import { axisValues, xAxis, yAxis } from './frame.js';
import { legend } from './legend.js';
import type { Picture } from './picture.js';
import { mark, type Styles, seriesGroup } from './series-style.js';
import { escapeText, node } from './svg.js';

export interface PercentileCurveOptions {
  readonly name: string;
  readonly title: string;
  readonly curves: readonly { readonly stack: string; readonly curve: QuantileCurve }[];
}

const WIDTH = 720;
const TICKS = [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];
const LOG_RATIO = 20;
const STEPS_A_MARK = 8;

/** Latency by percentile; each nine takes the same width, and every curve ends where its samples end. */
export function percentileCurve({ name, title, curves }: PercentileCurveOptions, styles: Styles): Picture {
  const key = legend(
    curves.map(({ stack }) => stack),
    styles,
    12,
    WIDTH - 24,
  );
  const plot = { left: 64, right: WIDTH - 40, top: key.height + 28, bottom: key.height + 288 };
  const steps = curves.flatMap(({ curve }) => curve.steps);
  const highest = Math.max(0.95, ...curves.map(({ curve }) => curve.supported));
  const x = scaleLinear([0, nines(highest)], [plot.left, plot.right]);
  const latencies = steps.map(({ ms }) => ms).filter((ms) => ms > 0);
  const [low, high] = [Math.min(...latencies), Math.max(...latencies)];
  const logarithmic = high / low > LOG_RATIO;
  const y = logarithmic
    ? scaleLog([low * 0.9, high * 1.1], [plot.bottom, plot.top])
    : scaleLinear([0, high * 1.08], [plot.bottom, plot.top]);
  const xTicks = TICKS.filter((fraction) => fraction <= highest).map((fraction) => ({
    at: x(nines(fraction)),
    label: percentileName(fraction),
  }));
  const yTicks = axisValues(y, 5, logarithmic).map((value) => ({ at: y(value), label: digits(value) }));
  const drawn = curves.map(({ stack, curve }) => {
    const style = styles(stack);
    const path = line<QuantileCurve['steps'][number]>(
      ({ fraction }) => x(nines(fraction)),
      ({ ms }) => y(Math.max(ms, low)),
    ).digits(1)([...curve.steps]);
    const marks = curve.steps
      .filter((_, i) => i % STEPS_A_MARK === 0 && i > 0)
      .map(({ fraction, ms }) =>
        mark(style, {
          x: x(nines(fraction)),
          y: y(Math.max(ms, low)),
          size: 36,
          more: `, ${percentileName(fraction)}: ${digits(ms)} ms`,
        }),
      );
    const drawnCurve = node('path', { class: 'series', 'stroke-dasharray': style.dash, d: path ?? '' });
    return seriesGroup(style, stack, drawnCurve, ...marks);
  });
  const limitAt = x(nines(highest));
  const limit =
    node('line', { class: 'guide', x1: limitAt, x2: limitAt, y1: plot.top, y2: plot.bottom }) +
    node(
      'text',
      { class: 'tick end', x: limitAt, y: plot.top - 6 },
      escapeText(`the samples end at ${percentileName(highest)}`),
    );
  return {
    name,
    title,
    description: `Latency in milliseconds by percentile for ${curves.length} stacks, on a scale that widens the tail.`,
    width: WIDTH,
    height: plot.bottom + 44,
    body: [
      key.svg,
      xAxis(plot, xTicks, 'share of requests answered within'),
      yAxis(plot, yTicks, 'latency, ms'),
      limit,
      ...drawn,
    ].join(''),
  };
}

const nines = (fraction: number): number => -Math.log10(1 - fraction);

/** p50, p99, p99.9; the fastest for 0. */
function percentileName(fraction: number): string {
  if (fraction === 0) return 'fastest';
  const decimals = Math.max(0, Math.ceil(nines(fraction) - 1e-9) - 2);
  return `p${Number((fraction * 100).toFixed(Math.max(decimals, fraction > 0.9 ? 1 : 0)))}`;
}
