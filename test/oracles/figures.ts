import { percentile, sortSamples } from '@servelab/core';
import { expect, type TestContext } from 'vitest';
import { digits } from '../../packages/lab/src/analyse/figure-words.js';

/** What an oracle measured, a line of the table at the end of the tests. */
export interface Figure {
  readonly oracle: string;
  readonly measured: string;
  readonly limit: string;
  readonly ok: boolean;
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
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, unit = '' } = bounds;
  const figure: Figure = {
    oracle,
    measured: `${digits(value)} ${unit}`.trim(),
    limit: `${limitWords(bounds)} ${unit}`.trim(),
    ok: value >= from && value <= to,
  };
  // Another try of the same test puts its figure in the place of the last one's.
  const others = (task.meta.figures ?? []).filter((other) => other.oracle !== oracle);
  task.meta.figures = [...others, figure];
  expect.soft(figure.ok, `${oracle}: ${figure.measured}, limit ${figure.limit}`).toBe(true);
}

/** Holds a figure within so many per cent of what it should be. */
export function holdNear(
  task: TestContext['task'],
  oracle: string,
  ratio: number,
  tolerancePct: number,
): void {
  hold(task, oracle, 100 * (ratio - 1), { from: -tolerancePct, to: tolerancePct, unit: '%' });
}

function limitWords({ from, to }: Bounds): string {
  if (from === undefined) return `at most ${to}`;
  if (to === undefined) return `at least ${from}`;
  return from === -to ? `+-${to}` : `${from} to ${to}`;
}

/** The middle one of several runs: a spell of noise on the machine spoils one of them at most. */
export function middle(values: readonly number[]): number {
  return percentile(sortSamples(values), 0.5) ?? Number.NaN;
}
