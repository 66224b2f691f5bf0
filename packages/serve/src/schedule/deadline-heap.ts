import type { WaitingImage } from './scheduler-event.js';

/** Below this size dead entries are not worth the sweep. */
const SWEEP_AT = 64;

/**
 * Earliest deadline first: a binary min-heap. An answered image is not looked for; its entry stays until
 * it reaches the top or until dead entries outnumber the living, when one sweep rebuilds the heap. So
 * every operation costs O(log n) amortised and the heap holds at most twice the living (or 64).
 */
export class DeadlineHeap {
  #heap: WaitingImage[] = [];

  /** @param isLive whether the image still wants an answer */
  constructor(
    private readonly isLive: (id: number) => boolean,
    private readonly liveCount: () => number,
  ) {}

  push(image: WaitingImage): void {
    if (this.#heap.length >= SWEEP_AT && this.#heap.length > 2 * this.liveCount()) this.#sweep();
    this.#heap.push(image);
    this.#siftUp(this.#heap.length - 1);
  }

  /** The living image with the earliest deadline. */
  peek(): WaitingImage | undefined {
    let top = this.#heap[0];
    while (top !== undefined && !this.isLive(top.id)) {
      this.#removeTop();
      top = this.#heap[0];
    }
    return top;
  }

  #sweep(): void {
    // A sorted array is a heap.
    this.#heap = this.#heap
      .filter(({ id }) => this.isLive(id))
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
