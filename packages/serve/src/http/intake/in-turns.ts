import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Work that stands aside now and then: each `yield` ends a turn, so that no body, however large or strange, keeps the
 * event loop from the other requests. A turn is bounded by the bytes that it looks at.
 */
export type InTurns<T> = Generator<undefined, T, undefined>;

/** Bytes that one turn may look at: a few milliseconds even at 10 ns a byte. */
export const TURN_BYTES = 256 * 1024;

/** What is done within one turn is done at once. */
export async function inTurns<T>(work: InTurns<T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}
