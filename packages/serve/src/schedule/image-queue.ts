import { DeadlineHeap } from './deadline-heap.js';
import type { FormedBatch } from './policy.js';
import type { WaitingImage } from './scheduler-event.js';
import { WaitingQueue } from './waiting-queue.js';

/** A batch that waits for a worker or runs. */
export interface HeldBatch extends FormedBatch {
  ids: readonly number[];
  readonly reason: string;
  readonly rule: string;
  /** 1, or more when a worker was lost with these images before, and one of them may be why. */
  readonly attempt: number;
  /** Of one image that may take too long to decode: it waits for its turn (see `SuspectTurns`). */
  readonly isSuspect?: boolean;
}

/**
 * All images without a result, and the batches that contain those which no longer wait alone. A cancelled image leaves at
 * once, from wherever it is.
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
  #suspects: HeldBatch[] = [];
  /** Of formed batches, retries and suspects; images on a worker are in none. */
  readonly #batchOf = new Map<number, HeldBatch>();
  #nextBatchId = 1;

  /** Images waiting, in formed batches, in retries and under suspicion; not those on a worker. */
  get queuedImages(): number {
    return this.#waiting.size + this.#batchOf.size;
  }

  /** Of the queued ones. */
  get suspectedImages(): number {
    return this.#suspects.length;
  }

  get hasRetries(): boolean {
    return this.#retries.length > 0;
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

  /**
   * The images that are likely to run next, in this order: retries, formed batches, the oldest that wait. Suspects are not
   * included.
   */
  upcoming(count: number): number[] {
    const ids: number[] = [];
    for (const batch of [...this.#retries, ...this.#formed]) ids.push(...batch.ids);
    for (const { id } of this.#waiting.oldest(count - ids.length)) ids.push(id);
    return ids.slice(0, count);
  }

  isWaiting(id: number): boolean {
    return this.#waiting.has(id);
  }

  isQueued(id: number): boolean {
    return this.#waiting.has(id) || this.#batchOf.has(id);
  }

  isSuspected(id: number): boolean {
    return this.#batchOf.get(id)?.isSuspect === true;
  }

  /** Whether it has no result yet: neither cancelled, nor expired, nor done. */
  isWanted(id: number): boolean {
    return this.#live.has(id);
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

  /** @param batch of one image that is still wanted and is queued, or was on a worker that is lost */
  suspect(batch: Omit<HeldBatch, 'id' | 'isSuspect'>): void {
    for (const id of batch.ids) this.#withdraw(id);
    this.#suspects.push(this.#hold({ ...batch, isSuspect: true }));
  }

  takeFormed(id: number): HeldBatch | undefined {
    const index = this.#formed.findIndex((formed) => formed.id === id);
    return index < 0 ? undefined : this.#release(this.#formed.splice(index, 1)[0]);
  }

  takeRetry(): HeldBatch | undefined {
    return this.#release(this.#retries.shift());
  }

  takeSuspect(): HeldBatch | undefined {
    return this.#release(this.#suspects.shift());
  }

  /** @returns whether it was still queued: neither on a worker nor unknown */
  forget(id: number): boolean {
    return this.#live.delete(id) && this.#withdraw(id);
  }

  /** Out of wherever it is queued, if it is. */
  #withdraw(id: number): boolean {
    if (this.#waiting.remove(id)) return true;
    const batch = this.#batchOf.get(id);
    if (batch === undefined) return false;
    this.#batchOf.delete(id);
    batch.ids = batch.ids.filter((other) => other !== id);
    if (batch.ids.length === 0) {
      this.#formed = this.#formed.filter((other) => other !== batch);
      this.#retries = this.#retries.filter((other) => other !== batch);
      this.#suspects = this.#suspects.filter((other) => other !== batch);
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
