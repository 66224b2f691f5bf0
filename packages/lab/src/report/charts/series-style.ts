import {
  type SymbolType,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import { node } from './svg.js';

/** How one stack looks in every picture: never told apart by colour alone. */
export interface SeriesStyle {
  readonly colour: string;
  readonly dash: string | undefined;
  readonly shape: SymbolType;
}

export type Styles = (stack: string) => SeriesStyle;

const DASHES = [undefined, '7 3', '2 3', '9 3 2 3', '5 2 1 2', '12 4', '1 3', '4 4'];
const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolWye];
const COLOURS = 12;

/** @param names all stacks of the run, in its order: a stack keeps its look from picture to picture */
export function seriesStyles(names: readonly string[]): Styles {
  const unique = [...new Set(names)];
  return (stack) => {
    const position = Math.max(0, unique.indexOf(stack));
    return {
      colour: `--c:var(--s${position % COLOURS})`,
      dash: DASHES[position % DASHES.length],
      shape: SHAPES[position % SHAPES.length] ?? symbolCircle,
    };
  };
}

export interface MarkOptions {
  readonly x: number;
  readonly y: number;
  readonly tip: string;
  readonly hollow?: boolean;
  readonly size?: number;
}

/** A marker that says what it stands for when the pointer is on it. */
export function mark(
  { colour, shape }: SeriesStyle,
  { x, y, tip, hollow = false, size = 64 }: MarkOptions,
): string {
  const attributes = {
    class: hollow ? 'mark hollow' : 'mark',
    style: colour,
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
    d: symbol(shape, size).digits(1)() ?? '',
    'data-tip': tip,
  };
  return node('path', attributes);
}
