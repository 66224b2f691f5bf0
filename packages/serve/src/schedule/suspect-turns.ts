/**
 * When images may run that are suspected of taking long to decode, as another one of their request did. One at a time,
 * however many workers there are; and while others wait, only after those have had the workers for as long as the last
 * overrun had one. So a request full of such images costs the others half of one worker at most.
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
