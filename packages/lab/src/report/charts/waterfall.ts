import type { Stat } from '@servelab/core';
import { scaleLog } from 'd3-scale';
import { digits } from '../../text/figure-words.js';
import { axisValues, xAxis } from './frame.js';
import type { Picture } from './picture.js';
import { escapeText, node } from './svg.js';

/** One step: what changed, and how much faster it made things. */
export interface WaterfallStep {
  readonly words: string;
  readonly stack: string;
  /** The figure after the step. */
  readonly value: number;
  readonly speedup: Stat;
}

export interface WaterfallOptions {
  readonly name: string;
  readonly title: string;
  readonly xTitle: string;
  readonly start: { readonly stack: string; readonly value: number };
  readonly steps: readonly WaterfallStep[];
}

const WIDTH = 720;
const ROW_HEIGHT = 52;

/** From one stack to another, step by step: each bar begins where the one above it ended. Logarithmic: steps multiply. */
export function waterfall({ name, title, xTitle, start, steps }: WaterfallOptions): Picture {
  const rows = steps.length + 1;
  const plot = { left: 24, right: WIDTH - 28, top: 12, bottom: 12 + rows * ROW_HEIGHT };
  const values = [start.value, ...steps.map(({ value }) => value)];
  const x = scaleLog([Math.min(...values) * 0.8, Math.max(...values) * 1.25], [plot.left, plot.right]);
  const ticks = axisValues(x, 7, true).map((value) => ({ at: x(value), label: digits(value) }));
  const y = (row: number) => plot.top + row * ROW_HEIGHT;
  const label = (row: number, strong: string, rest: string, right: string) =>
    node(
      'text',
      { x: plot.left, y: y(row) + 16 },
      node('tspan', { class: 'strong' }, escapeText(strong)),
      escapeText(rest),
    ) + node('text', { class: 'label end', x: plot.right, y: y(row) + 16 }, escapeText(right));
  const first =
    label(0, start.stack, '', digits(start.value)) +
    node('circle', { class: 'mark c-ink', cx: x(start.value), cy: y(0) + 32, r: 5 });
  const drawn = steps.map(({ words, stack, value, speedup }, n) => {
    const from = values[n] ?? value;
    const row = n + 1;
    const tone = (speedup.value ?? 1) >= 1 ? 'good' : 'bad';
    const [left, right] = [Math.min(x(from), x(value)), Math.max(x(from), x(value))];
    return (
      label(row, words, ` (${stack})`, `${speedupWords(speedup)}, ${digits(value)}`) +
      // Where the step began, from the row above.
      node('line', { class: 'guide', x1: x(from), x2: x(from), y1: y(row) - 20, y2: y(row) + 39 }) +
      node('rect', {
        class: `bar c-${tone}`,
        x: left,
        y: y(row) + 25,
        width: Math.max(2, right - left),
        height: 14,
        'data-tip': `${words}: ${speedupWords(speedup)}`,
      })
    );
  });
  return {
    name,
    title,
    description: `${steps.length} steps, each with one factor changed; together they lead from ${digits(start.value)} to ${digits(values.at(-1) ?? 0)}. The table holds the figures.`,
    width: WIDTH,
    height: plot.bottom + 44,
    body: [xAxis(plot, ticks, xTitle), first, ...drawn].join(''),
  };
}

/** `× 5.31 [5.12, 5.50]`: above 1 is faster. */
export function speedupWords({ value, ci95 }: Stat): string {
  if (value === null) return 'not supported by the samples';
  const interval = ci95 === null ? '' : ` [${ci95.map((end) => digits(end)).join(', ')}]`;
  return `× ${digits(value)}${interval}`;
}
