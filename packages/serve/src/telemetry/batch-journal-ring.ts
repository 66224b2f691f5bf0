import type { BatchJournal, BatchRecord } from '@servelab/core';

/** The last batches, oldest first. Full, each new record overwrites the oldest: memory is bounded. */
export class BatchJournalRing {
  readonly #records: BatchRecord[] = [];
  #oldest = 0;

  constructor(readonly capacity = 1000) {}

  add(record: BatchRecord): void {
    if (this.#records.length < this.capacity) {
      this.#records.push(record);
      return;
    }
    this.#records[this.#oldest] = record;
    this.#oldest = (this.#oldest + 1) % this.capacity;
  }

  snapshot(): BatchJournal {
    return { batches: [...this.#records.slice(this.#oldest), ...this.#records.slice(0, this.#oldest)] };
  }
}
