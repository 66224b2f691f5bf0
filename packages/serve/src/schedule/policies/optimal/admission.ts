import type { WaitingImage } from '../../scheduler-event.js';
import { type Forecast, wouldBeLate } from './predicted-finish.js';

/** Looks at each image once, when it comes: one that was let in stays. */
export class Admission {
  /** Ids ascend with arrivals: up to this one they have been looked at. */
  #lookedAtId = 0;

  /**
   * @param waiting in the order in which they will run
   * @param forecast for this moment; made only where an image has arrived
   * @returns those that have just come and would be late from their place
   */
  late(waiting: readonly WaitingImage[], forecast: () => Forecast): readonly WaitingImage[] {
    const before = this.#lookedAtId;
    for (const { id } of waiting) if (id > this.#lookedAtId) this.#lookedAtId = id;
    const first = waiting[0];
    if (first === undefined || this.#lookedAtId === before) return [];
    const now = forecast();
    // Nearly always: the most urgent one would be on time even from the last place.
    if (!wouldBeLate(first.deadlineUs, waiting.length - 1, now)) return [];
    let place = 0;
    return waiting.filter(({ id, deadlineUs }) => {
      if (id > before && wouldBeLate(deadlineUs, place, now)) return true;
      place++;
      return false;
    });
  }
}
