import type { WaitingImage } from '../policy.js';

/** Earliest deadline first; of equal ones the older first. Mostly they are in that order already, and not copied. */
export function inDeadlineOrder(waiting: readonly WaitingImage[]): readonly WaitingImage[] {
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const { deadlineUs } of waiting) {
    if (deadlineUs < lastUs) return [...waiting].sort((one, other) => one.deadlineUs - other.deadlineUs);
    lastUs = deadlineUs;
  }
  return waiting;
}
