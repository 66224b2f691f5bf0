/**
 * When images may run that are suspected of taking long to decode, as another image of their request did. One at a time,
 * however many workers there are; and while other images wait, only after those have had the workers for as long as the
 * last overrun occupied one. So a request full of such images costs the others at most half of one worker.
 */
export class SuspectTurns {
  #fromUs = 0;

  /** @param tookUs how long the worker was occupied by the batch that was lost */
  overran(tookUs: number, nowUs: number): void {
    this.#fromUs = nowUs + tookUs;
  }

  /** When the next one may start; `nowUs` for at once. */
  nextUs(othersWait: boolean, nowUs: number): number {
    return othersWait ? Math.max(nowUs, this.#fromUs) : nowUs;
  }
}
