import type { StackTurn } from './schedule-of-runs.js';

/** What a turn costs besides the measured windows, from observation; corrected as the run goes on. */
const FIRST_GUESS_OVERHEAD_S = 3;

/**
 * Predicts how long the rest of a run takes: the windows are known, and the overhead of a turn (start, golden
 * check, stop) is the mean of those seen so far.
 */
export class DurationEstimate {
  readonly #windowS: number;
  #overheadS = FIRST_GUESS_OVERHEAD_S;
  #seen = 0;

  /** @param windowS warm-up and measurement of one point, seconds */
  constructor(windowS: number) {
    this.#windowS = windowS;
  }

  remainingS(turns: readonly StackTurn[]): number {
    return turns.reduce((sum, turn) => sum + this.#overheadS + turn.loads.length * this.#windowS, 0);
  }

  /** @param elapsedS how long this finished turn took in all */
  observe(turn: StackTurn, elapsedS: number): void {
    const overheadS = Math.max(0, elapsedS - turn.loads.length * this.#windowS);
    this.#seen++;
    // The first real figure replaces the guess; later ones are averaged in.
    this.#overheadS += (overheadS - this.#overheadS) / this.#seen;
  }
}
