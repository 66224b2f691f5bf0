/** Indices of the cells. */
const FREE = 0;
const GATE = 1;
const OPEN = 0;
const SHUT = 1;

/**
 * Bounds what several threads decode at once by its pixels, and so their memory: together they need no more than one
 * thread alone with the largest image. Where there is no room a thread waits, in the order of coming, so that large images
 * have their turn.
 */
export class PixelBudget {
  readonly #cells: Int32Array;

  /** @param shared of another thread's budget, to be the same one */
  constructor(shared: SharedArrayBuffer) {
    this.#cells = new Int32Array(shared);
  }

  /** @param pixels in all; no image has more */
  static create(pixels: number): SharedArrayBuffer {
    const shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
    new Int32Array(shared)[FREE] = pixels;
    return shared;
  }

  /**
   * Waits on this thread for room.
   *
   * @returns gives it back
   */
  reserve(pixels: number): () => void {
    this.#enter();
    let free = Atomics.load(this.#cells, FREE);
    while (free < pixels) {
      Atomics.wait(this.#cells, FREE, free);
      free = Atomics.load(this.#cells, FREE);
    }
    Atomics.sub(this.#cells, FREE, pixels);
    this.#leave();
    return () => {
      Atomics.add(this.#cells, FREE, pixels);
      Atomics.notify(this.#cells, FREE);
    };
  }

  /** One at a time looks for room; the others wait here. */
  #enter(): void {
    while (Atomics.compareExchange(this.#cells, GATE, OPEN, SHUT) !== OPEN) {
      Atomics.wait(this.#cells, GATE, SHUT);
    }
  }

  #leave(): void {
    Atomics.store(this.#cells, GATE, OPEN);
    Atomics.notify(this.#cells, GATE, 1);
  }
}
