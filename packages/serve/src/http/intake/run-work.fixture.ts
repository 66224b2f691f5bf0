import type { InTurns } from './in-turns.js';

/** The outcome of work, with nothing between its turns. */
export function finish<T>(work: InTurns<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
