import type { IdleWorkers } from './idle-workers.js';
import type { ImageQueue } from './image-queue.js';
import type { PolicyView } from './policy.js';

/** One for all decisions: it shows the present state. */
export class SchedulerView implements PolicyView {
  readonly #queue: ImageQueue;
  readonly #idle: IdleWorkers;
  readonly #running: ReadonlyMap<number, unknown>;

  /** @param running batches by their worker */
  constructor(queue: ImageQueue, idle: IdleWorkers, running: ReadonlyMap<number, unknown>) {
    this.#queue = queue;
    this.#idle = idle;
    this.#running = running;
  }

  /** Made only when read: most events find no worker idle, and most policies then look no further. */
  get waiting() {
    return this.#queue.waiting();
  }

  get formed() {
    return this.#queue.formed;
  }

  get idleWorkers() {
    return this.#idle.workers;
  }

  get idleSinceUs() {
    return this.#idle.sinceUs;
  }

  get busyWorkers() {
    return this.#running.size;
  }

  get nextBatchId() {
    return this.#queue.nextBatchId;
  }
}
