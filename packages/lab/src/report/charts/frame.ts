import { escapeText, node } from './svg.js';

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
  const drawn = ticks.map(
    ({ at, label }) =>
      node('line', { class: 'grid', x1: at, x2: at, y1: top, y2: bottom }) +
      node('text', { class: 'tick', x: at, y: bottom + 16, 'text-anchor': 'middle' }, escapeText(label)),
  );
  const line = node('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom });
  const name = node(
    'text',
    { class: 'label', x: (left + right) / 2, y: bottom + 34, 'text-anchor': 'middle' },
    escapeText(title),
  );
  return drawn.join('') + line + (title === '' ? '' : name);
}

/** The title stands above the axis, where it can be read without turning the head. */
export function yAxis({ left, right, top }: PlotArea, ticks: readonly Tick[], title: string): string {
  const drawn = ticks.map(
    ({ at, label }) =>
      node('line', { class: 'grid', x1: left, x2: right, y1: at, y2: at }) +
      node('text', { class: 'tick', x: left - 8, y: at + 4, 'text-anchor': 'end' }, escapeText(label)),
  );
  return drawn.join('') + node('text', { class: 'label', x: 12, y: top - 10 }, escapeText(title));
}
