import type { WaitingImage } from './scheduler-event.js';

/** Entries. Below this size dead ones are not worth a sweep. */
const SWEEP_AT = 64;

/**
 * Earliest deadline first: a binary min-heap. The entry of an image that has left is not searched for; it stays until it
 * reaches the top or until dead entries outnumber live ones, when one sweep rebuilds the heap. So every operation costs
 * O(log n) amortized, and the heap has at most twice as many entries as are live (or 64).
 */
export class DeadlineHeap {
  readonly #isLive: (id: number) => boolean;
  readonly #liveCount: () => number;
  #heap: WaitingImage[] = [];

  /** @param isLive whether the image has no result yet */
  constructor(isLive: (id: number) => boolean, liveCount: () => number) {
    this.#isLive = isLive;
    this.#liveCount = liveCount;
  }

  push(image: WaitingImage): void {
    if (this.#heap.length >= SWEEP_AT && this.#heap.length > 2 * this.#liveCount()) this.#sweep();
    this.#heap.push(image);
    this.#siftUp(this.#heap.length - 1);
  }

  /** The live image with the earliest deadline. */
  peek(): WaitingImage | undefined {
    let top = this.#heap[0];
    while (top !== undefined && !this.#isLive(top.id)) {
      this.#removeTop();
      top = this.#heap[0];
    }
    return top;
  }

  #sweep(): void {
    // A sorted array is a heap.
    this.#heap = this.#heap
      .filter(({ id }) => this.#isLive(id))
      .sort((one, other) => one.deadlineUs - other.deadlineUs);
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #siftUp(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfEarlier(child, parent)) return;
      child = parent;
    }
  }

  #siftDown(from: number): void {
    for (let parent = from; ; ) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const child = this.#deadlineAt(right) < this.#deadlineAt(left) ? right : left;
      if (!this.#swapIfEarlier(child, parent)) return;
      parent = child;
    }
  }

  #swapIfEarlier(child: number, parent: number): boolean {
    const below = this.#heap[child];
    const above = this.#heap[parent];
    if (below === undefined || above === undefined || below.deadlineUs >= above.deadlineUs) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }

  #deadlineAt(index: number): number {
    return this.#heap[index]?.deadlineUs ?? Number.POSITIVE_INFINITY;
  }
}
