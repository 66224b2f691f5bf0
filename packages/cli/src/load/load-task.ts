import { usageError } from '@servelab/core';
import { parseSlo } from '@servelab/lab';
import type { LoadOptions } from './load-options.js';

/** What `servelab load` is asked for: one load, several levels, or a search. */
export type LoadTask =
  | { readonly kind: 'single' }
  | { readonly kind: 'ladder'; readonly levels: readonly number[] }
  | { readonly kind: 'search' };

/** The ways to say how much is sent; they exclude each other. */
const WAYS = ['concurrency', 'rate', 'replay', 'ladder'] as const;

/** @throws UserError (exit code 2) for an SLO that is not understood, and for words that do not go together */
export function loadTask(options: LoadOptions): LoadTask {
  const { findRate, ladder, loadProfile, replayColumn } = options;
  if (options.slo !== null) parseSlo(options.slo);
  const given = WAYS.filter((way) => options[way] !== null);
  const extra = given.filter((way) => way !== 'rate');
  if (findRate && (extra.length > 0 || loadProfile !== null)) {
    const flag = extra[0] ?? 'load-profile';
    throw usageError(`--find-rate does not go with --${flag}`, 'Give --rate, to start from, or nothing.');
  }
  if (given.length > 1) {
    throw usageError(`both --${given[0]} and --${given[1]} are given`, ONE_WAY);
  }
  if (given.length === 0 && !findRate) throw usageError('the load is not given', ONE_WAY);
  if (loadProfile !== null && options.rate === null) {
    throw usageError(`--load-profile ${loadProfile} has no rate to start from`, 'Add --rate R.');
  }
  if (replayColumn !== null && options.replay === null) {
    throw usageError('--replay-column is given without --replay', 'Add --replay FILE.');
  }
  if (findRate) return { kind: 'search' };
  return ladder === null ? { kind: 'single' } : { kind: 'ladder', levels: ladderLevels(ladder) };
}

const ONE_WAY =
  'Give --concurrency N or --ladder A,B for users who wait, or --rate R or --replay FILE for requests that do not.';

/** Ascending, each once. */
function ladderLevels(words: readonly string[]): number[] {
  const levels = words.map((text) => {
    const level = Number(text);
    if (Number.isInteger(level) && level >= 1 && level <= 10_000) return level;
    throw usageError(`--ladder has "${text}"`, 'Give whole numbers from 1 to 10000, such as 1,2,4,8.');
  });
  return [...new Set(levels)].sort((a, b) => a - b);
}
