import type { Load, Stat } from '@servelab/core';
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { digits, figure } from '../../text/figure-words.js';
import { loadLabel } from '../../text/load-label.js';
import { axisValues, xAxis, yAxis } from './frame.js';
import { legend } from './legend.js';
import type { Picture } from './picture.js';
import { mark, type Styles, seriesGroup } from './series-style.js';
import { escapeText, node } from './svg.js';

export interface CurvePoint {
  readonly load: Load;
  /** Requests per second offered, or requests at a time. */
  readonly x: number;
  readonly stat: Stat;
  readonly saturated: boolean;
}

export interface LoadCurveOptions {
  readonly name: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly unit: string;
  readonly series: readonly { readonly stack: string; readonly points: readonly CurvePoint[] }[];
  /** A horizontal line at this value. */
  readonly limit?: { readonly value: number; readonly words: string };
}

const WIDTH = 720;
/** From this ratio of largest to smallest on, a straight scale would crush the lower curves together. */
const LOG_RATIO = 20;

/** A figure against load, a line a stack with its 95 % ribbon; hollow where the stack is saturated. */
export function loadCurve(options: LoadCurveOptions, styles: Styles): Picture {
  const { name, title, xTitle, yTitle, unit, series, limit } = options;
  const key = legend(
    series.map(({ stack }) => stack),
    styles,
    12,
    WIDTH - 24,
  );
  const plot = { left: 64, right: WIDTH - 20, top: key.height + 28, bottom: key.height + 288 };
  const shown = series.flatMap(({ points }) => points);
  const values = [
    ...shown.flatMap(({ stat }) => [stat.value ?? [], ...(stat.ci95 ?? [])].flat()),
    ...(limit === undefined ? [] : [limit.value]),
  ].filter((value) => value > 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const xs = shown.map(({ x }) => x);
  const x = scaleLinear([0, Math.max(...xs) * 1.05], [plot.left, plot.right]);
  const logarithmic = high / low > LOG_RATIO;
  const y = logarithmic
    ? scaleLog([low * 0.9, high * 1.1], [plot.bottom, plot.top])
    : scaleLinear([0, high * 1.08], [plot.bottom, plot.top]);
  const yTicks = axisValues(y, 6, logarithmic).map((value) => ({ at: y(value), label: digits(value) }));
  const xTicks = x.ticks(8).map((value) => ({ at: x(value), label: digits(value) }));
  const drawn = series.map(({ stack, points }) => {
    const style = styles(stack);
    const known = points.flatMap((point) =>
      point.stat.value === null ? [] : [{ ...point, value: point.stat.value }],
    );
    const band = known.flatMap(({ x: at, stat }) => (stat.ci95 === null ? [] : [{ at, ci95: stat.ci95 }]));
    const ribbon = area<(typeof band)[number]>(
      ({ at }) => x(at),
      ({ ci95 }) => y(ci95[0]),
      ({ ci95 }) => y(ci95[1]),
    ).digits(1)(band);
    const curve = line<(typeof known)[number]>(
      (point) => x(point.x),
      ({ value }) => y(value),
    ).digits(1)(known);
    const marks = known.map(({ x: at, value, stat, load, saturated }) =>
      mark(style, {
        x: x(at),
        y: y(value),
        hollow: saturated,
        more: `, ${loadLabel(load)}: ${figure(stat, unit)}${saturated ? ', saturated' : ''}`,
      }),
    );
    return seriesGroup(
      style,
      stack,
      node('path', { class: 'ribbon', d: ribbon ?? '' }),
      node('path', { class: 'series', 'stroke-dasharray': style.dash, d: curve ?? '' }),
      ...marks,
    );
  });
  const limitLine =
    limit === undefined
      ? ''
      : node('line', {
          class: 'guide',
          x1: plot.left,
          x2: plot.right,
          y1: y(limit.value),
          y2: y(limit.value),
        }) +
        node('text', { class: 'tick end', x: plot.right, y: y(limit.value) - 5 }, escapeText(limit.words));
  return {
    name,
    title,
    description: `${yTitle} against ${xTitle}, one line for each of ${series.length} stacks; the table holds the figures.`,
    width: WIDTH,
    height: plot.bottom + 44,
    body: [key.svg, xAxis(plot, xTicks, xTitle), yAxis(plot, yTicks, yTitle), limitLine, ...drawn].join(''),
  };
}
