import { percentile, sortSamples } from '@servelab/core';
import { expect, type TestContext } from 'vitest';
import { digits } from '../../packages/lab/src/text/figure-words.js';

/** What an oracle measured, a line of the table at the end of the tests. */
export interface Figure {
  readonly oracle: string;
  readonly measured: string;
  readonly limit: string;
  readonly outcome: 'ok' | 'NOT OK' | 'not judged';
  /** How many times its allowance the figure takes: 1 at the limit, infinite where there is no figure. */
  readonly timesLimit: number;
}

declare module 'vitest' {
  interface TaskMeta {
    figures?: Figure[];
  }
}

interface Bounds {
  readonly from?: number;
  readonly to?: number;
  readonly unit?: string;
}

/** Holds a figure against its limit, and notes both for the table. A test goes on to its other figures. */
export function hold(task: TestContext['task'], oracle: string, value: number, bounds: Bounds): void {
  const figure = heldAgainst(oracle, value, bounds);
  note(task, [figure]);
  expectHeld(figure);
}

/** A figure beside its limit. */
export function heldAgainst(oracle: string, value: number, bounds: Bounds): Figure {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, unit = '' } = bounds;
  return {
    oracle,
    measured: `${digits(value)} ${unit}`.trim(),
    limit: `${limitWords(bounds)} ${unit}`.trim(),
    outcome: value >= from && value <= to ? 'ok' : 'NOT OK',
    timesLimit: timesLimit(value, bounds),
  };
}

/** Value over an upper limit, also of a range around 0; limit over value for a lower one. Where none is allowed, one is infinite. */
function timesLimit(value: number, { from, to }: Bounds): number {
  if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  if (to === undefined) return (from ?? 0) / Math.max(value, 0);
  return to === 0 && value === 0 ? 0 : Math.abs(value) / to;
}

/** The same for a ratio that should be 1, within so many per cent. */
export function heldNear(oracle: string, ratio: number, tolerancePct: number): Figure {
  return heldAgainst(oracle, 100 * (ratio - 1), { from: -tolerancePct, to: tolerancePct, unit: '%' });
}

/** Holds a ratio that should be 1 within so many per cent. */
export function holdNear(
  task: TestContext['task'],
  oracle: string,
  ratio: number,
  tolerancePct: number,
): void {
  const figure = heldNear(oracle, ratio, tolerancePct);
  note(task, [figure]);
  expectHeld(figure);
}

export function note(task: TestContext['task'], figures: readonly Figure[]): void {
  task.meta.figures = [...(task.meta.figures ?? []), ...figures];
}

export function expectHeld(figure: Figure): void {
  expect.soft(figure.outcome, figureWords(figure)).toBe('ok');
}

export const figureWords = ({ oracle, measured, limit }: Figure): string =>
  `${oracle}: ${measured}, limit ${limit}`;

function limitWords({ from, to }: Bounds): string {
  if (from === undefined) return `at most ${to}`;
  if (to === undefined) return `at least ${from}`;
  return from === -to ? `+-${to}` : `${from} to ${to}`;
}

/** The middle one of several runs: a spell of noise on the machine spoils one of them at most. */
export function middle(values: readonly number[]): number {
  return percentile(sortSamples(values), 0.5) ?? Number.NaN;
}
