/** Pixels of images in memory that threads share, an image a slot. */
export class SlotPixels {
  readonly shared: SharedArrayBuffer;
  readonly #slotBytes: number;
  readonly #free: number[];

  constructor(slots: number, slotBytes: number) {
    this.shared = new SharedArrayBuffer(slots * slotBytes);
    this.#slotBytes = slotBytes;
    this.#free = Array.from({ length: slots }, (_, slot) => slot);
  }

  get hasFree(): boolean {
    return this.#free.length > 0;
  }

  /** @throws RangeError where none is free */
  take(): number {
    const slot = this.#free.pop();
    if (slot === undefined) throw new RangeError('no slot is free');
    return slot;
  }

  free(slot: number): void {
    this.#free.push(slot);
  }

  /** @param at index of the image in `target` */
  copy(slot: number, target: Uint8Array, at: number): void {
    target.set(new Uint8Array(this.shared, slot * this.#slotBytes, this.#slotBytes), at * this.#slotBytes);
  }
}
