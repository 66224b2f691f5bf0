import { UserError } from '@servelab/core';
import type { WorkerFailure } from './protocol.js';

/** An error as it is told on the other side of a process boundary. */
export function describeFailure(error: unknown): WorkerFailure {
  return {
    message: error instanceof Error ? error.message : String(error),
    fix: error instanceof UserError ? error.fix : undefined,
  };
}
