import type { Comparison } from '@servelab/core';
import { scaleLinear } from 'd3-scale';
import { BAND_PCT } from '../../analyse/compare-stacks.js';
import { digits, figure } from '../../text/figure-words.js';
import { xAxis } from './frame.js';
import type { Picture } from './picture.js';
import { escapeText, node, pixels } from './svg.js';

export interface ForestOptions {
  readonly name: string;
  readonly title: string;
  /** What the difference is of, and which way is better: `p95 latency; left is faster for the first named`. */
  readonly xTitle: string;
  readonly rows: readonly Comparison[];
}

const WIDTH = 720;
const ROW_HEIGHT = 50;

/** Differences between pairs of stacks with their intervals, over the band of no practical difference. */
export function forest({ name, title, xTitle, rows }: ForestOptions): Picture {
  const plot = { left: 24, right: WIDTH - 28, top: 12, bottom: 12 + rows.length * ROW_HEIGHT };
  const ends = rows.flatMap(({ difference_pct: { value, ci95 } }) => [value ?? [], ci95 ?? []].flat());
  const reach = Math.max(2 * BAND_PCT, ...ends.map(Math.abs)) * 1.08;
  const low = ends.some((end) => end < -2 * BAND_PCT) ? -reach : -2 * BAND_PCT;
  const high = ends.some((end) => end > 2 * BAND_PCT) ? reach : 2 * BAND_PCT;
  const x = scaleLinear([low, high], [plot.left, plot.right]);
  const ticks = x
    .ticks(8)
    .map((value) => ({ at: x(value), label: `${value > 0 ? '+' : ''}${digits(value)} %` }));
  const band = node('rect', {
    class: 'band',
    x: x(-BAND_PCT),
    y: plot.top,
    width: x(BAND_PCT) - x(-BAND_PCT),
    height: plot.bottom - plot.top,
  });
  const zero = node('line', { class: 'axis', x1: x(0), x2: x(0), y1: plot.top, y2: plot.bottom });
  const drawn = rows.map((row, i) => {
    const { a, b, difference_pct: difference, verdict } = row;
    const y = plot.top + i * ROW_HEIGHT + 36;
    const colour = verdict === 'a' || verdict === 'b' ? 'c-good' : 'c-muted';
    const [from, to] = difference.ci95 ?? [];
    const whisker =
      from === undefined || to === undefined
        ? ''
        : node('path', { class: 'whisker', d: cappedLine(x(from), x(to), y) });
    const centre =
      difference.value === null
        ? ''
        : node('rect', {
            class: verdict === 'unresolved' ? 'mark hollow' : 'mark',
            x: x(difference.value) - 5,
            y: y - 5,
            width: 10,
            height: 10,
            'data-tip': `${a} against ${b}: ${figure(difference, '%')}`,
          });
    return (
      node(
        'text',
        { x: plot.left, y: y - 16 },
        node('tspan', { class: 'strong' }, escapeText(a)),
        ` vs ${escapeText(b)}`,
      ) +
      node(
        'text',
        // Without a difference there is no whisker, and the words have its line to themselves.
        difference.value === null
          ? { class: 'label', x: plot.left, y: y + 4 }
          : { class: 'label end', x: plot.right, y: y - 16 },
        escapeText(verdictWords(row)),
      ) +
      node('g', { class: colour }, whisker, centre)
    );
  });
  return {
    name,
    title,
    description: `Differences in per cent with 95 % intervals for ${rows.length} pairs of stacks; between -${BAND_PCT} and +${BAND_PCT} % lies the band of no practical difference.`,
    width: WIDTH,
    height: plot.bottom + 44,
    body: [band, xAxis(plot, ticks, xTitle), zero, ...drawn].join(''),
  };
}

/** An interval with a short stroke at each end. */
function cappedLine(from: number, to: number, y: number): string {
  const [left, right] = [pixels(from), pixels(to)];
  const caps = [left, right].map((end) => `M${end},${pixels(y - 5)}v10`);
  return `M${left},${pixels(y)}H${right}${caps.join('')}`;
}

export function verdictWords({ a, b, difference_pct, verdict }: Comparison): string {
  switch (verdict) {
    case 'a':
    case 'b': {
      const winner = verdict === 'a' ? a : b;
      return difference_pct.value === null
        ? `${winner} wins: the other does not sustain the load`
        : `${winner} wins`;
    }
    case 'tie':
      return 'tie';
    case 'unresolved':
      return 'not decided';
  }
}
