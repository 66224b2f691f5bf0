/**
 * Bounds the bytes of all bodies that are held at once, from their arrival to their answer. The queue is
 * bounded in images, but 256 images of 16 MiB would still be 4 GiB.
 */
export class BodyBudget {
  #held = 0;

  constructor(readonly maxBytes: number) {}

  /** @returns false, and takes nothing, where that would be too many */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.maxBytes) return false;
    this.#held += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
