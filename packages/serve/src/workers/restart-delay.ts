const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/**
 * How long to wait before a lost worker is started again: not at all at first, then 100 ms doubling to 5 s,
 * so that a worker that cannot live does not keep a core busy with dying.
 *
 * @param failures workers lost in a row on this place without a batch served in between, this one included
 */
export function restartDelayMs(failures: number): number {
  return failures <= 1 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 2));
}
