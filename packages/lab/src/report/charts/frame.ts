import { escapeText, node, pixels } from './svg.js';

/** The rectangle of the data, in pixels of the picture. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Ticks of a scale; of a logarithmic one only 1, 2 and 5 times a power of ten, or they run into each other. */
export function axisValues(
  scale: { ticks(count?: number): number[] },
  count: number,
  logarithmic: boolean,
): number[] {
  const values = scale.ticks(count);
  return logarithmic ? values.filter((value) => [1, 2, 5].includes(leadingDigit(value))) : values;
}

const leadingDigit = (value: number): number => Number(value.toExponential(0).charAt(0));

export function xAxis({ left, right, top, bottom }: PlotArea, ticks: readonly Tick[], title: string): string {
  const grid = ticks.map(({ at }) => `M${pixels(at)},${pixels(top)}V${pixels(bottom)}`);
  const line = node('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom });
  const name = node(
    'text',
    { class: 'label middle', x: (left + right) / 2, y: bottom + 34 },
    escapeText(title),
  );
  return gridLines(grid) + xLabels(ticks, bottom + 16) + line + (title === '' ? '' : name);
}

/** The title stands above the axis, where it can be read without turning the head. */
export function yAxis({ left, right, top }: PlotArea, ticks: readonly Tick[], title: string): string {
  const grid = ticks.map(({ at }) => `M${pixels(left)},${pixels(at)}H${pixels(right)}`);
  const labels = node(
    'g',
    { class: 'tick end', transform: `translate(${pixels(left - 8)} 4)` },
    ...ticks.map(({ at, label }) => node('text', { y: at }, escapeText(label))),
  );
  return gridLines(grid) + labels + node('text', { class: 'label', x: 12, y: top - 10 }, escapeText(title));
}

/** @param y of their base line */
export function xLabels(ticks: readonly Tick[], y: number): string {
  return node(
    'g',
    { class: 'tick middle', transform: `translate(0 ${pixels(y)})` },
    ...ticks.map(({ at, label }) => node('text', { x: at }, escapeText(label))),
  );
}

/** All in one path: a report has thousands. */
const gridLines = (lines: readonly string[]): string => node('path', { class: 'grid', d: lines.join('') });
