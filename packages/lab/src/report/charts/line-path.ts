import { pixels } from './svg.js';

/** A line through points: the same to the eye as one piece for each, but level stretches are a single one. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  const rounded = points.map(([x, y]) => ({ x: pixels(x), y: pixels(y) }));
  const pieces = rounded.map(({ x, y }, i) => {
    const isLevel = rounded[i - 1]?.y === y;
    if (isLevel && rounded[i + 1]?.y === y) return '';
    if (isLevel) return `H${x}`;
    return `${i === 0 ? 'M' : 'L'}${x},${y}`;
  });
  return pieces.join('');
}
