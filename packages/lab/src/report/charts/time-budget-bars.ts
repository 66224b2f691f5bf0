import { scaleLinear } from 'd3-scale';
import type { TimeBudget } from '../../analyse/time-budget.js';
import { digits } from '../../text/figure-words.js';
import { xAxis } from './frame.js';
import type { Picture } from './picture.js';
import { escapeText, node } from './svg.js';

export interface TimeBudgetOptions {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly { readonly stack: string; readonly load: string; readonly budget: TimeBudget }[];
}

/** In the order in which a request meets them. */
export const STAGES: readonly {
  readonly key: keyof TimeBudget;
  readonly words: string;
  /** A class that sets the colour. */
  readonly colour: string;
}[] = [
  { key: 'lag', words: 'client lag', colour: 'c-s7' },
  { key: 'wait', words: 'waiting for a connection', colour: 'c-s3' },
  { key: 'connect', words: 'connecting', colour: 'c-s6' },
  { key: 'queue', words: 'waiting for a batch', colour: 'c-s1' },
  { key: 'decode', words: 'decoding', colour: 'c-s4' },
  { key: 'inference', words: 'inference', colour: 'c-s0' },
  { key: 'other', words: 'the rest of the server', colour: 'c-s2' },
  { key: 'body', words: 'receiving the answer', colour: 'c-s5' },
];

const WIDTH = 720;
const ROW_HEIGHT = 48;
const KEY_COLUMNS = 3;
const KEY_ROW_HEIGHT = 18;
/** Below this width, in pixels, a label would run over its neighbours. */
const LABEL_ROOM = 34;
/** A narrower bar is rounded to nothing; the table has its figure. */
const LEAST_WIDTH = 0.05;

/** Mean time of a request by stage, a stacked bar for each stack and load. */
export function timeBudgetBars({ name, title, rows }: TimeBudgetOptions): Picture {
  const top = 12 + Math.ceil(STAGES.length / KEY_COLUMNS) * KEY_ROW_HEIGHT;
  const plot = { left: 24, right: WIDTH - 28, top, bottom: top + rows.length * ROW_HEIGHT };
  const totals = rows.map(({ budget }) => STAGES.reduce((sum, { key }) => sum + (budget[key] ?? 0), 0));
  const x = scaleLinear([0, Math.max(...totals) * 1.04], [plot.left, plot.right]);
  const ticks = x.ticks(7).map((ms) => ({ at: x(ms), label: digits(ms) }));
  const key = STAGES.map(({ words, colour }, i) => {
    const at = plot.left + (i % KEY_COLUMNS) * 220;
    const y = 6 + Math.floor(i / KEY_COLUMNS) * KEY_ROW_HEIGHT;
    return (
      node('rect', { class: `bar ${colour}`, x: at, y, width: 12, height: 12 }) +
      node('text', { x: at + 18, y: y + 10 }, words)
    );
  });
  const drawn = rows.map(({ stack, load, budget }, i) => {
    const y = plot.top + i * ROW_HEIGHT + 20;
    let from = 0;
    const bars = STAGES.map(({ key: stage, words, colour }) => {
      const ms = budget[stage] ?? 0;
      const start = x(from);
      from += ms;
      const width = x(from) - start;
      if (width < LEAST_WIDTH) return '';
      const label =
        width < LABEL_ROOM
          ? ''
          : node('text', { x: start + width / 2, y: y + 15, class: 'onbar middle' }, digits(ms));
      return (
        node('rect', {
          class: `bar ${colour}`,
          x: start,
          y,
          width,
          height: 22,
          'data-more': `${words}: ${digits(ms)} ms`,
        }) + label
      );
    });
    return (
      node(
        'text',
        { x: plot.left, y: y - 5 },
        node('tspan', { class: 'strong' }, escapeText(stack)),
        ` at ${escapeText(load)}`,
      ) + node('g', { 'data-of': `${stack}, ` }, ...bars)
    );
  });
  return {
    name,
    title,
    description: `Mean milliseconds of a request by stage, for ${rows.length} stacks and loads.`,
    width: WIDTH,
    height: plot.bottom + 44,
    body: [...key, xAxis(plot, ticks, 'ms, mean of the answered requests'), ...drawn].join(''),
  };
}
