import { type Options, parseDurationUs, usageError } from '@servelab/core';
import type { LoadPlan, LoadShape, PlannedImage } from '@servelab/lab';
import type { LOAD_OPTIONS } from './load-options.js';
import type { LoadTarget } from './load-target.js';

export type LoadOptions = Options<typeof LOAD_OPTIONS>;

/** How long to wait for the last answers when the time-out is longer. */
const LONGEST_GRACE_US = 30_000_000;

/**
 * The words of the command line as a plan; pure.
 *
 * @throws UserError (exit code 2)
 */
export function planLoad(
  { expectedClass, ...target }: LoadTarget,
  options: LoadOptions,
  imagePaths: readonly string[],
  recordsPath: string,
): LoadPlan {
  const timeoutUs = parseDurationUs(options.timeout);
  return {
    ...target,
    images: imagePaths.map((path): PlannedImage => ({ path, expectedClass })),
    load: loadShape(options),
    warmupUs: isNone(options.warmup) ? 0 : parseDurationUs(options.warmup),
    durationUs: parseDurationUs(options.duration),
    timeoutUs,
    graceUs: Math.min(timeoutUs, LONGEST_GRACE_US),
    seed: options.seed,
    recordsPath,
  };
}

/** @throws UserError (exit code 2) unless exactly one of the two kinds of load is asked for */
export function loadShape({ concurrency, rate, arrivals }: LoadOptions): LoadShape {
  if (concurrency !== null && rate === null) return { mode: 'closed', concurrency };
  if (rate !== null && concurrency === null) return { mode: 'open', rate_rps: rate, arrivals };
  throw usageError(
    concurrency === null ? 'the load is not given' : 'both --concurrency and --rate are given',
    'Give --concurrency N for users who wait, or --rate R for requests that do not.',
  );
}

/** `0`, `0s`, `0ms`: parseDurationUs refuses them, and a warm-up may be left out. */
const isNone = (text: string): boolean => /^0+(\.0+)?\s*(ms|s|m|h)?$/.test(text.trim());
