import type { Load } from '@servelab/core';
import type { StackDescription } from '../stacks/stack.js';
import type { StackTurn } from './schedule-of-runs.js';

/** What a turn costs besides the measured windows, where none has been seen: start, golden check, stop. */
const FIRST_GUESS_S = {
  servelab: 3,
  other: 3,
  // Python imports its framework afresh and, in the seeds' form, TensorFlow, which takes 0.1 s for each golden image.
  tuned: 12,
  seeds: 35,
};

type Kind = Pick<StackDescription, 'name' | 'workload' | 'kind' | 'form'>;

interface Overhead {
  meanS: number;
  seen: number;
}

/**
 * Predicts how long the rest of a run takes: the windows are known, and the overhead of a stack's turn is the
 * mean of those seen so far.
 */
export class DurationEstimate {
  readonly #windowS: (load: Load) => number;
  readonly #overheads = new Map<string, Overhead>();

  /** @param windowS warm-up and measurement of one point, seconds */
  constructor(windowS: (load: Load) => number, stacks: readonly Kind[]) {
    this.#windowS = windowS;
    for (const stack of stacks) {
      this.#overheads.set(keyOf(stack.workload, stack.name), { meanS: firstGuessS(stack), seen: 0 });
    }
  }

  remainingS(turns: readonly StackTurn[]): number {
    return turns.reduce((sum, turn) => sum + this.#of(turn).meanS + this.#windowsS(turn), 0);
  }

  /** @param elapsedS how long this finished turn took in all */
  observe(turn: StackTurn, elapsedS: number): void {
    const overhead = this.#of(turn);
    const overheadS = Math.max(0, elapsedS - this.#windowsS(turn));
    overhead.seen++;
    // The first real figure replaces the guess; later ones are averaged in.
    overhead.meanS += (overheadS - overhead.meanS) / overhead.seen;
  }

  #windowsS({ loads }: StackTurn): number {
    return loads.reduce((sum, load) => sum + this.#windowS(load), 0);
  }

  #of({ workload, stack }: StackTurn): Overhead {
    return this.#overheads.get(keyOf(workload, stack)) ?? { meanS: FIRST_GUESS_S.other, seen: 0 };
  }
}

const keyOf = (workload: string, stack: string): string => `${workload} ${stack}`;

function firstGuessS({ kind, form }: Kind): number {
  if (kind !== 'peer') return FIRST_GUESS_S[kind];
  return form === 'seeds' ? FIRST_GUESS_S.seeds : FIRST_GUESS_S.tuned;
}
