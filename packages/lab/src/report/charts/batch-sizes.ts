import { scaleLinear } from 'd3-scale';
import { shareWords } from '../../text/figure-words.js';
import { xLabels } from './frame.js';
import type { Picture } from './picture.js';
import type { Styles } from './series-style.js';
import { escapeText, node } from './svg.js';

export interface BatchSizesOptions {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly {
    readonly stack: string;
    readonly load: string;
    readonly histogram: Readonly<Record<string, number>>;
  }[];
}

const WIDTH = 720;
const ROW_HEIGHT = 78;
const BAR_HEIGHT = 40;
/** Smaller shares are not written above their bar. */
const LEAST_SHARE = 0.01;

/** Share of the batches that had each size, a row of bars for each stack and load. */
export function batchSizes({ name, title, rows }: BatchSizesOptions, styles: Styles): Picture {
  const largest = Math.max(1, ...rows.flatMap(({ histogram }) => Object.keys(histogram).map(Number)));
  const x = scaleLinear([0.5, largest + 0.5], [24, WIDTH - 24]);
  const barWidth = Math.min(56, (x(2) - x(1)) * 0.72);
  const drawn = rows.map(({ stack, load, histogram }, i) => {
    const top = i * ROW_HEIGHT;
    const base = top + 22 + BAR_HEIGHT;
    const total = Object.values(histogram).reduce((sum, count) => sum + count, 0);
    const shown = Object.entries(histogram).map(([size, count]) => {
      const height = Math.max(1, (count / total) * BAR_HEIGHT * 0.72);
      return { size, count, share: count / total, height, at: x(Number(size)) };
    });
    const bars = shown.map(({ size, count, height, at }) =>
      node('rect', {
        x: at - barWidth / 2,
        y: base - height,
        width: barWidth,
        height,
        'data-more': `${count} of ${total} batches had ${size} image${size === '1' ? '' : 's'}`,
      }),
    );
    const labels = shown
      .filter(({ share }) => share >= LEAST_SHARE)
      .map(({ share, height, at }) => node('text', { x: at, y: base - height - 3 }, shareWords(share)));
    const ticks = Array.from({ length: largest }, (_, n) => ({ at: x(n + 1), label: String(n + 1) }));
    return [
      node(
        'text',
        { x: 24, y: top + 14 },
        node('tspan', { class: 'strong' }, escapeText(stack)),
        ` at ${escapeText(load)}`,
      ),
      node('line', { class: 'axis', x1: 24, x2: WIDTH - 24, y1: base, y2: base }),
      node('g', { class: `bar ${styles(stack).colour}`, 'data-of': `${stack}, ${load}: ` }, ...bars),
      node('g', { class: 'tick middle' }, ...labels),
      xLabels(ticks, base + 12),
    ].join('');
  });
  return {
    name,
    title,
    description: `How many images the batches held, as shares of all batches, for ${rows.length} stacks and loads.`,
    width: WIDTH,
    height: rows.length * ROW_HEIGHT + 8,
    body: drawn.join(''),
  };
}
