import type { InTurns } from './in-turns.js';

/** The outcome of work, with nothing between its turns. */
export function finish<T>(work: InTurns<T>): T {
  return turnsOf(work).result;
}

/** The outcome, and how often the work stood aside. */
export function turnsOf<T>(work: InTurns<T>): { readonly result: T; readonly turns: number } {
  for (let turns = 1; ; turns++) {
    const step = work.next();
    if (step.done === true) return { result: step.value, turns };
  }
}
