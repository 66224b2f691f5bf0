import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import { SERIES_COLOURS } from './chart-style.js';
import { node, pixels } from './svg.js';

/** How one stack looks in every picture: never told apart by colour alone. */
export interface SeriesStyle {
  /** A class that sets the colour. */
  readonly colour: string;
  readonly dash: string | undefined;
  readonly shape: SymbolType;
}

export type Styles = (stack: string) => SeriesStyle;

const DASHES = [undefined, '7 3', '2 3', '9 3 2 3', '5 2 1 2', '12 4', '1 3', '4 4'];
const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolWye];

/** @param names all stacks of the run, in its order: a stack keeps its look from picture to picture */
export function seriesStyles(names: readonly string[]): Styles {
  const unique = [...new Set(names)];
  return (stack) => {
    const position = Math.max(0, unique.indexOf(stack));
    return {
      colour: `c-s${position % SERIES_COLOURS}`,
      dash: DASHES[position % DASHES.length],
      shape: SHAPES[position % SHAPES.length] ?? symbolCircle,
    };
  };
}

export interface MarkOptions {
  readonly x: number;
  readonly y: number;
  /** Words beside the pointer, after the stack's name; none in a legend, where the name stands. */
  readonly more?: string;
  readonly hollow?: boolean;
  readonly size?: number;
}

/** All that is drawn of one stack: in its colour, and with its name at the beginning of what its marks say. */
export const seriesGroup = ({ colour }: SeriesStyle, stack: string, ...drawn: readonly string[]): string =>
  node('g', { class: colour, 'data-of': stack }, ...drawn);

/** A marker, to stand in a {@link seriesGroup}. */
export function mark({ shape }: SeriesStyle, { x, y, more, hollow = false, size = 64 }: MarkOptions): string {
  const attributes = {
    class: hollow ? 'mark hollow' : 'mark',
    transform: `translate(${pixels(x)} ${pixels(y)})`,
    d: symbol(shape, size).digits(1)() ?? '',
    'data-more': more,
  };
  return node('path', attributes);
}
