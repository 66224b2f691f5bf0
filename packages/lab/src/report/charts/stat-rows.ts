import type { Stat } from '@servelab/core';
import { scaleLinear, scaleLog } from 'd3-scale';
import { digits, figure } from '../../text/figure-words.js';
import { axisValues, xAxis } from './frame.js';
import type { Picture } from './picture.js';
import { mark, type SeriesStyle, type Styles, seriesGroup } from './series-style.js';
import { escapeText, node } from './svg.js';

export interface StatRow {
  readonly stack: string;
  readonly saturated: boolean;
  /** Top to bottom, for example p50, p95 and p99; the emphasised one decides. */
  readonly stats: readonly LabelledStat[];
}

interface LabelledStat {
  /** Empty where there is only one. */
  readonly label: string;
  readonly stat: Stat;
  readonly emphasised: boolean;
}

export interface StatRowsOptions {
  readonly name: string;
  readonly title: string;
  readonly xTitle: string;
  readonly unit: string;
  readonly rows: readonly StatRow[];
  readonly limit?: { readonly value: number; readonly words: string };
}

const WIDTH = 720;
const HEADING_HEIGHT = 26;
const LINE_HEIGHT = 21;
/** Room for the labels of the lines. */
const LEFT = 60;
const LOG_RATIO = 20;

/** A block of lines a stack, each a figure with its 95 % interval: for loads that were measured once. */
export function statRows(
  { name, title, xTitle, unit, rows, limit }: StatRowsOptions,
  styles: Styles,
): Picture {
  const heights = rows.map(({ stats }) => HEADING_HEIGHT + stats.length * LINE_HEIGHT + 6);
  const plot = {
    left: LEFT,
    right: WIDTH - 70,
    top: 8,
    bottom: 8 + heights.reduce((sum, height) => sum + height, 0),
  };
  const x = scaleFor(rows, limit?.value, [plot.left, plot.right]);
  const ticks = axisValues(x, 7, 'base' in x).map((value) => ({ at: x(value), label: digits(value) }));
  let top = plot.top;
  const drawn = rows.map(({ stack, saturated, stats }, i) => {
    const heading = node(
      'text',
      { class: 'strong', x: 12, y: top + 18 },
      escapeText(`${stack}${saturated ? ' (saturated)' : ''}`),
    );
    const lines = stats.map((one, position) =>
      statLine(one, {
        x,
        y: top + HEADING_HEIGHT + 9 + position * LINE_HEIGHT,
        style: styles(stack),
        saturated,
        unit,
      }),
    );
    top += heights[i] ?? 0;
    return heading + seriesGroup(styles(stack), stack, ...lines);
  });
  const limitLine =
    limit === undefined
      ? ''
      : node('line', {
          class: 'guide',
          x1: x(limit.value),
          x2: x(limit.value),
          y1: plot.top,
          y2: plot.bottom,
        }) +
        node('text', { class: 'tick', x: x(limit.value) + 4, y: plot.top + 10 }, escapeText(limit.words));
  return {
    name,
    title,
    description: `${xTitle} of ${rows.length} stacks with 95 % intervals; the table holds the figures.`,
    width: WIDTH,
    height: plot.bottom + 44,
    body: [xAxis(plot, ticks, xTitle), limitLine, ...drawn].join(''),
  };
}

interface Line {
  readonly x: (value: number) => number;
  readonly y: number;
  readonly style: SeriesStyle;
  readonly saturated: boolean;
  readonly unit: string;
}

function statLine({ label, stat, emphasised }: LabelledStat, { x, y, style, saturated, unit }: Line): string {
  const name = node(
    'text',
    { class: emphasised ? 'tick strong end' : 'tick end', x: 50, y: y + 4 },
    escapeText(label),
  );
  if (stat.value === null)
    return name + node('text', { class: 'tick', x: LEFT + 8, y: y + 4 }, 'too few samples');
  const [low, high] = stat.ci95 ?? [stat.value, stat.value];
  const more = `${label === '' ? '' : `, ${label}`}: ${figure(stat, unit)}${saturated ? ', saturated' : ''}`;
  return [
    name,
    node('line', { class: 'whisker', x1: x(low), x2: x(high), y1: y, y2: y }),
    mark(style, { x: x(stat.value), y, hollow: saturated, size: emphasised ? 84 : 40, more }),
    node(
      'text',
      { class: emphasised ? 'tick strong' : 'tick', x: Math.max(x(high), x(stat.value)) + 10, y: y + 4 },
      digits(stat.value),
    ),
  ].join('');
}

/** From zero, so that lengths can be compared; logarithmic where that would crush the smaller ones together. */
function scaleFor(rows: readonly StatRow[], limit: number | undefined, range: [number, number]) {
  const stats = rows.flatMap((row) => row.stats.map(({ stat }) => stat));
  const ends = stats.flatMap(({ value, ci95 }) => [value ?? [], ci95 ?? []].flat());
  const known = [...ends, ...(limit === undefined ? [] : [limit])].filter((value) => value > 0);
  const [low, high] = known.length === 0 ? [1, 10] : [Math.min(...known), Math.max(...known)];
  return high / low > LOG_RATIO
    ? scaleLog([low * 0.9, high * 1.1], range)
    : scaleLinear([0, high * 1.02], range);
}
