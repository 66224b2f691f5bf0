import type { Line } from './line.js';

const STEPS = '▁▂▃▄▅▆▇█';

/** One bar a value, the highest value full; empty while all are zero. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 0);
  if (highest === 0) return '';
  return values.map((value) => STEPS[Math.round((value / highest) * (STEPS.length - 1))]).join('');
}

/** @param share done, from 0 to 1; more is taken for 1 */
export function progressBar(share: number, cells: number): Line {
  const done = Math.min(1, Math.max(0, share));
  const full = Math.round(done * cells);
  return [
    { text: '█'.repeat(full), tone: 'good' },
    { text: '░'.repeat(cells - full) },
    { text: `${Math.floor(done * 100)} %`.padStart(6) },
  ];
}
