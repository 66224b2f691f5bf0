/**
 * Workers without a batch. Ascending, so that the same workers are busy, and warm, while others sleep. The list is read
 * several times for each event and changes twice for each batch: so a change makes a new list, and a read makes none.
 */
export class IdleWorkers {
  #workers: readonly number[] = [];
  #sinceUs = 0;

  /** A snapshot: later changes do not affect it. */
  get workers(): readonly number[] {
    return this.#workers;
  }

  /** Since when there has been one without a break; without meaning while there is none. */
  get sinceUs(): number {
    return this.#sinceUs;
  }

  add(worker: number, nowUs: number): void {
    if (this.#workers.length === 0) this.#sinceUs = nowUs;
    if (this.#workers.includes(worker)) return;
    this.#workers = [...this.#workers, worker].sort((one, other) => one - other);
  }

  remove(worker: number): void {
    if (this.#workers.includes(worker)) this.#workers = this.#workers.filter((other) => other !== worker);
  }
}
