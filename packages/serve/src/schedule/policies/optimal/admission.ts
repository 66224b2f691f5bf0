import type { WaitingImage } from '../../scheduler-event.js';
import { type Forecast, wouldBeLate } from './predicted-finish.js';

/** Examines each image once, on its arrival: an admitted image stays. */
export class Admission {
  /** Ids ascend with arrivals: up to this one they have been examined. */
  #examinedId = 0;

  /**
   * @param waiting in the order in which they will run
   * @param forecast for this moment; made only where an image has arrived
   * @returns new images that would be late from their place in the queue
   */
  late(waiting: readonly WaitingImage[], forecast: () => Forecast): readonly WaitingImage[] {
    const before = this.#examinedId;
    for (const { id } of waiting) if (id > this.#examinedId) this.#examinedId = id;
    const first = waiting[0];
    if (first === undefined || this.#examinedId === before) return [];
    const now = forecast();
    // The usual case: the most urgent image would be on time even from the last place.
    if (!wouldBeLate(first.deadlineUs, waiting.length - 1, now)) return [];
    let place = 0;
    return waiting.filter(({ id, deadlineUs }) => {
      if (id > before && wouldBeLate(deadlineUs, place, now)) return true;
      place++;
      return false;
    });
  }
}
