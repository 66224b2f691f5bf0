import { scaleLinear } from 'd3-scale';
import { shareWords } from '../../analyse/figure-words.js';
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

/** Share of the batches that had each size, a row of bars for each stack and load. */
export function batchSizes({ name, title, rows }: BatchSizesOptions, styles: Styles): Picture {
  const largest = Math.max(1, ...rows.flatMap(({ histogram }) => Object.keys(histogram).map(Number)));
  const x = scaleLinear([0.5, largest + 0.5], [24, WIDTH - 24]);
  const barWidth = Math.min(56, (x(2) - x(1)) * 0.72);
  const drawn = rows.map(({ stack, load, histogram }, i) => {
    const top = i * ROW_HEIGHT;
    const base = top + 22 + BAR_HEIGHT;
    const total = Object.values(histogram).reduce((sum, count) => sum + count, 0);
    const bars = Object.entries(histogram).map(([size, count]) => {
      const share = count / total;
      const height = Math.max(1, share * BAR_HEIGHT * 0.72);
      return (
        node('rect', {
          class: 'bar',
          style: styles(stack).colour,
          x: x(Number(size)) - barWidth / 2,
          y: base - height,
          width: barWidth,
          height,
          'data-tip': `${stack}, ${load}: ${count} of ${total} batches had ${size} image${size === '1' ? '' : 's'}`,
        }) +
        node(
          'text',
          { class: 'tick', x: x(Number(size)), y: base - height - 3, 'text-anchor': 'middle' },
          share < 0.01 ? '' : shareWords(share),
        )
      );
    });
    const ticks = Array.from({ length: largest }, (_, size) => size + 1).map((size) =>
      node('text', { class: 'tick', x: x(size), y: base + 12, 'text-anchor': 'middle' }, String(size)),
    );
    return [
      node(
        'text',
        { x: 24, y: top + 14 },
        node('tspan', { class: 'strong' }, escapeText(stack)),
        ` at ${escapeText(load)}`,
      ),
      node('line', { class: 'axis', x1: 24, x2: WIDTH - 24, y1: base, y2: base }),
      ...bars,
      ...ticks,
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
