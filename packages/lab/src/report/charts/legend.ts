import { line } from 'd3-shape';
import { mark, type Styles, seriesGroup } from './series-style.js';
import { escapeText, node } from './svg.js';

const ROW_HEIGHT = 20;
const GLYPH_WIDTH = 34;
/** Of the chart's 12 px type, on average. */
const CHARACTER_WIDTH = 6.6;

export interface Legend {
  readonly svg: string;
  readonly height: number;
}

/** Names with their line and marker, in as many rows as the width needs. */
export function legend(stacks: readonly string[], styles: Styles, left: number, width: number): Legend {
  let x = left;
  let y = 14;
  const items = stacks.map((stack) => {
    const itemWidth = GLYPH_WIDTH + stack.length * CHARACTER_WIDTH + 18;
    if (x > left && x + itemWidth > left + width) {
      x = left;
      y += ROW_HEIGHT;
    }
    const style = styles(stack);
    const stroke =
      line()([
        [x, y - 4],
        [x + 28, y - 4],
      ]) ?? '';
    const item =
      seriesGroup(
        style,
        stack,
        node('path', { class: 'series', 'stroke-dasharray': style.dash, d: stroke }),
        mark(style, { x: x + 14, y: y - 4, size: 50 }),
      ) + node('text', { x: x + GLYPH_WIDTH, y }, escapeText(stack));
    x += itemWidth;
    return item;
  });
  return { svg: items.join(''), height: y + 10 };
}
