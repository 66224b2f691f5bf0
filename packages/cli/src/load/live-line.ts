import type { DriverProgress } from '@servelab/lab';

const BARS = '▁▂▃▄▅▆▇█';
const HISTORY = 24;

/** The words of one progress; `history` is the rate of answers at the latest progresses, oldest first. */
export function liveLine(progress: DriverProgress, history: readonly number[]): string {
  const { phase, elapsedUs, totalUs, inFlight, errors, ratePerS, latencyUs } = progress;
  const leftS = Math.max(0, Math.ceil((totalUs - elapsedUs) / 1e6));
  return [
    phase.padEnd(8),
    `${ratePerS.toFixed(0)} req/s`,
    sparkline(history.slice(-HISTORY)),
    `in flight ${inFlight}`,
    latencyUs === null ? '' : `p50 ${ms(latencyUs.p50)} p99 ${ms(latencyUs.p99)} ms`,
    errors === 0 ? '' : `errors ${errors}`,
    `${leftS} s left`,
  ]
    .filter((part) => part !== '')
    .join('  ');
}

/** One bar a value, the highest value full. */
function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 0);
  if (highest === 0) return '';
  return values.map((value) => BARS[Math.round((value / highest) * (BARS.length - 1))]).join('');
}

const ms = (us: number): string => (us < 10_000 ? (us / 1000).toFixed(1) : (us / 1000).toFixed(0));
