import type { Stat } from '@servelab/core';
import { scaleLinear, scaleLog } from 'd3-scale';
import { digits, figure } from '../../analyse/figure-words.js';
import { xAxis } from './frame.js';
import type { Picture } from './picture.js';
import { mark, type Styles } from './series-style.js';
import { escapeText, node } from './svg.js';

export interface StatRow {
  readonly stack: string;
  readonly saturated: boolean;
  /** Left to right, for example p50, p95 and p99; the emphasised one decides. */
  readonly stats: readonly { readonly label: string; readonly stat: Stat; readonly emphasised: boolean }[];
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
const ROW_HEIGHT = 52;
const LOG_RATIO = 20;

/** One row a stack, its figures as marks on a line with their 95 % intervals: for loads that were measured once. */
export function statRows(
  { name, title, xTitle, unit, rows, limit }: StatRowsOptions,
  styles: Styles,
): Picture {
  const plot = { left: 24, right: WIDTH - 28, top: 14, bottom: 14 + rows.length * ROW_HEIGHT };
  const all = rows.flatMap(({ stats }) => stats.map(({ stat }) => stat));
  const values = all.flatMap(({ value, ci95 }) => [value ?? [], ci95 ?? []].flat());
  const ends = [...values, ...(limit === undefined ? [] : [limit.value])].filter((value) => value > 0);
  const [low, high] = ends.length === 0 ? [1, 10] : [Math.min(...ends), Math.max(...ends)];
  const x =
    high / low > LOG_RATIO
      ? scaleLog([low * 0.9, high * 1.1], [plot.left, plot.right])
      : scaleLinear([0, high * 1.06], [plot.left, plot.right]);
  const ticks = x.ticks(7).map((value) => ({ at: x(value), label: digits(value) }));
  const drawn = rows.map(({ stack, saturated, stats }, i) => {
    const style = styles(stack);
    const y = plot.top + i * ROW_HEIGHT + 34;
    const known = stats.flatMap((one) =>
      one.stat.value === null ? [] : [{ ...one, value: one.stat.value }],
    );
    const spread = known.map(({ value }) => x(value));
    const rail =
      known.length < 2
        ? ''
        : node('line', { class: 'grid', x1: Math.min(...spread), x2: Math.max(...spread), y1: y, y2: y });
    const marks = known.map(({ label, stat, value, emphasised }) => {
      const whisker =
        stat.ci95 === null
          ? ''
          : node('line', {
              class: 'whisker',
              style: style.colour,
              x1: x(stat.ci95[0]),
              x2: x(stat.ci95[1]),
              y1: y,
              y2: y,
            });
      return (
        whisker +
        mark(style, {
          x: x(value),
          y,
          hollow: saturated,
          size: emphasised ? 90 : 34,
          tip: `${stack}, ${label}: ${figure(stat, unit)}${saturated ? ', saturated' : ''}`,
        }) +
        node(
          'text',
          { class: emphasised ? 'tick strong' : 'tick', x: x(value), y: y - 10, 'text-anchor': 'middle' },
          escapeText(`${label} ${digits(value)}`.trim()),
        )
      );
    });
    const heading = `${stack}${saturated ? ' (saturated)' : ''}`;
    return (
      node('text', { class: 'strong', x: plot.left, y: y - 22 }, escapeText(heading)) + rail + marks.join('')
    );
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
        }) + node('text', { class: 'tick', x: x(limit.value) + 4, y: plot.top + 8 }, escapeText(limit.words));
  return {
    name,
    title,
    description: `${xTitle} of ${rows.length} stacks, each a row of marks with 95 % intervals; the table holds the figures.`,
    width: WIDTH,
    height: plot.bottom + 44,
    body: [xAxis(plot, ticks, xTitle), limitLine, ...drawn].join(''),
  };
}
