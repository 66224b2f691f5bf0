import { US_PER_S, usToMs } from '@servelab/core';
import type { DriverProgress } from '@servelab/lab';
import { progressBar, sparkline } from './bars.js';
import { clockTime } from './clock-time.js';
import type { Line } from './line.js';

/** Ticks that the course of the rate shows, the latest at the right. */
const COURSE = 40;
const LABEL = 10;

/** The load on one target while it runs. */
export interface LiveFigures {
  readonly progress: DriverProgress;
  /** Rates of answers at the latest ticks, oldest first; at most as many as are shown. */
  readonly course: readonly number[];
}

/** @param before of the same load, null at its start */
export function withProgress(before: LiveFigures | null, progress: DriverProgress): LiveFigures {
  return { progress, course: [...(before?.course ?? []), progress.ratePerS].slice(-COURSE) };
}

/** How far the load is, its rate, its latency, and what became of the requests. */
export function figureLines({ progress, course }: LiveFigures, columns: number): Line[] {
  const { phase, elapsedUs, totalUs, done, inFlight, errors, ratePerS } = progress;
  return [
    [
      labelled(PHASES[phase]),
      ...progressBar(elapsedUs / totalUs, barCells(columns)),
      { text: `   ${clockTime(leftS(progress))} left` },
    ],
    [labelled('rate'), { text: `${ratePerS.toFixed(0)} req/s`.padEnd(14) }, { text: sparkline(course) }],
    [labelled('latency'), { text: latencyWords(progress, '   ') }],
    [
      labelled('requests'),
      { text: `${done} done   ${inFlight} in flight   ` },
      { text: errorWords(errors), ...(errors > 0 && { tone: 'bad' }) },
    ],
  ];
}

/** The same on one line, for where nothing can be drawn. */
export function figureWords(progress: DriverProgress): string {
  const { phase, ratePerS, inFlight, errors } = progress;
  return [
    PHASES[phase].padEnd(LABEL - 2),
    `${ratePerS.toFixed(0)} req/s`,
    latencyWords(progress, ' '),
    `${inFlight} in flight`,
    errorWords(errors),
    `${clockTime(leftS(progress))} left`,
  ].join('  ');
}

export const labelled = (words: string) => ({ text: words.padEnd(LABEL) });

/** Room for the words on both sides. */
export const barCells = (columns: number): number => Math.min(40, Math.max(8, columns - 52));

const PHASES: Readonly<Record<DriverProgress['phase'], string>> = {
  connecting: 'connects',
  warmup: 'warm-up',
  measured: 'measured',
  grace: 'last ones',
  writing: 'writing',
};

const leftS = ({ totalUs, elapsedUs }: DriverProgress): number => (totalUs - elapsedUs) / US_PER_S;

function latencyWords({ latencyUs }: DriverProgress, gap: string): string {
  if (latencyUs === null) return 'no answer yet';
  const { p50, p95, p99 } = latencyUs;
  return [`p50 ${ms(p50)}`, `p95 ${ms(p95)}`, `p99 ${ms(p99)} ms`].join(gap);
}

const errorWords = (errors: number): string => (errors === 1 ? '1 error' : `${errors} errors`);

const ms = (us: number): string => usToMs(us).toFixed(us < 10_000 ? 1 : 0);
