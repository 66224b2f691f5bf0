import { environmentError, type UserError } from '@servelab/core';

/** A file that cannot be converted; the message says what is wrong with it. */
export function conversionError(message: string, cause?: unknown): UserError {
  return environmentError(
    message,
    'Use the pinned file (unset SERVELAB_MODEL_SOURCE, then "servelab model pull"); docs/model.md names what is read.',
    cause,
  );
}
