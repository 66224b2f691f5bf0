import { DeadlineHeap } from './deadline-heap.js';
import type { FormedBatch, WaitingImage } from './policy.js';
import { WaitingQueue } from './waiting-queue.js';

/** A batch that waits for a worker or runs. */
export interface HeldBatch extends FormedBatch {
  ids: readonly number[];
  readonly reason: string;
  readonly rule: string;
  /** 1, or more when a worker was lost with these images before. */
  readonly attempt: number;
}

/**
 * Every image that wants an answer, and the batches that hold those which no longer wait by themselves. An
 * image that nobody wants any more leaves at once, from wherever it is.
 */
export class ImageQueue {
  readonly #live = new Map<number, WaitingImage>();
  readonly #deadlines = new DeadlineHeap(
    (id) => this.#live.has(id),
    () => this.#live.size,
  );
  readonly #waiting = new WaitingQueue();
  #formed: HeldBatch[] = [];
  #retries: HeldBatch[] = [];
  /** Of formed batches and retries; images on a worker are in none. */
  readonly #batchOf = new Map<number, HeldBatch>();
  #nextBatchId = 1;

  /** Images waiting, in formed batches and in retries; not those on a worker. */
  get queuedImages(): number {
    return this.#waiting.size + this.#batchOf.size;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Oldest first. */
  get formed(): readonly FormedBatch[] {
    return this.#formed;
  }

  get nextBatchId(): number {
    return this.#nextBatchId;
  }

  /** Oldest first. Valid until the queue changes. */
  waiting(): readonly WaitingImage[] {
    return this.#waiting.view();
  }

  isWaiting(id: number): boolean {
    return this.#waiting.has(id);
  }

  imageOf(id: number): WaitingImage | undefined {
    return this.#live.get(id);
  }

  earliestDeadline(): WaitingImage | undefined {
    return this.#deadlines.peek();
  }

  add(image: WaitingImage): void {
    this.#live.set(image.id, image);
    this.#deadlines.push(image);
    this.#waiting.push(image);
  }

  /**
   * @param ids that wait
   * @returns the batch's id
   */
  form(ids: readonly number[], reason: string, rule: string, formedUs: number): number {
    for (const id of ids) this.#waiting.remove(id);
    const batch = this.#hold({ ids, reason, rule, formedUs, attempt: 1 });
    this.#formed.push(batch);
    return batch.id;
  }

  /** @param batch whose images were on a worker that is lost */
  retry(batch: Omit<HeldBatch, 'id'>): void {
    this.#retries.push(this.#hold(batch));
  }

  takeFormed(id: number): HeldBatch | undefined {
    const index = this.#formed.findIndex((formed) => formed.id === id);
    return index < 0 ? undefined : this.#release(this.#formed.splice(index, 1)[0]);
  }

  takeRetry(): HeldBatch | undefined {
    return this.#release(this.#retries.shift());
  }

  /** @returns whether it was still queued: neither on a worker nor unknown */
  forget(id: number): boolean {
    if (!this.#live.delete(id)) return false;
    if (this.#waiting.remove(id)) return true;
    const batch = this.#batchOf.get(id);
    if (batch === undefined) return false;
    this.#batchOf.delete(id);
    batch.ids = batch.ids.filter((other) => other !== id);
    if (batch.ids.length === 0) {
      this.#formed = this.#formed.filter((other) => other !== batch);
      this.#retries = this.#retries.filter((other) => other !== batch);
    }
    return true;
  }

  #hold(batch: Omit<HeldBatch, 'id'>): HeldBatch {
    const held = { ...batch, id: this.#nextBatchId++ };
    for (const id of held.ids) this.#batchOf.set(id, held);
    return held;
  }

  #release(batch: HeldBatch | undefined): HeldBatch | undefined {
    for (const id of batch?.ids ?? []) this.#batchOf.delete(id);
    return batch;
  }
}
