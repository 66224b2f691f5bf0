import { environmentError, UserError } from '@servelab/core';

/** A file that cannot be converted; the message says what is wrong with it. */
export function conversionError(message: string, cause?: unknown): UserError {
  return environmentError(
    message,
    'Use the pinned file (unset SERVELAB_MODEL_SOURCE, then "servelab model pull"); docs/model.md names what is read.',
    cause,
  );
}

/**
 * Runs what reads a file. Reading beyond its end, and whatever else follows from damaged bytes, becomes one
 * error that says so.
 */
export function refuseDamage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw conversionError(`the TFLite file is cut short or damaged: ${(error as Error).message}`, error);
  }
}
