import { parseDurationOrNoneUs, parseDurationUs } from '@servelab/core';
import type { LoadPlan, PlannedImage } from '@servelab/lab';
import { type GivenLoad, loadShape } from './given-load.js';
import type { LoadOptions } from './load-options.js';
import type { LoadTarget } from './load-target.js';

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
  given: GivenLoad = { load: loadShape(options) },
): LoadPlan {
  const timeoutUs = parseDurationUs(options.timeout);
  return {
    ...target,
    images: imagePaths.map((path): PlannedImage => ({ path, expectedClass })),
    warmupUs: parseDurationOrNoneUs(options.warmup),
    durationUs: parseDurationUs(options.duration),
    timeoutUs,
    graceUs: Math.min(timeoutUs, LONGEST_GRACE_US),
    seed: options.seed,
    recordsPath,
    ...given,
  };
}
