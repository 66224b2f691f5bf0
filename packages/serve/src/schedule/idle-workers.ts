/**
 * Workers that wait for a batch. Ascending, so that the same workers are busy, and warm, while others sleep. They are read
 * several times for each event and change twice a batch: so each change makes a new list, and reading makes none.
 */
export class IdleWorkers {
  #workers: readonly number[] = [];
  #sinceUs = 0;

  /** As it is now; a later change leaves it as it is. */
  get workers(): readonly number[] {
    return this.#workers;
  }

  /** Since when there has been one without a break; of no meaning while there is none. */
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
