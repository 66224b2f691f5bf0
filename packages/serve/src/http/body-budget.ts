import type { Block } from '../shared-memory/body-arena.js';

/**
 * Bounds the memory of all bodies that are held at once, from their arrival to their answer. The queue is
 * bounded in images, but 256 images of 16 MiB would still be 4 GiB.
 */
export class BodyBudget {
  #heldBytes = 0;

  constructor(readonly maxBytes: number) {}

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** A share of the budget, empty at first. Whoever opens one releases it. */
  open(): Reservation {
    let ownBytes = 0;
    return {
      resize: (bytes) => {
        const heldBytes = this.#heldBytes - ownBytes + bytes;
        if (bytes > ownBytes && heldBytes > this.maxBytes) return false;
        this.#heldBytes = heldBytes;
        ownBytes = bytes;
        return true;
      },
      release: () => {
        this.#heldBytes -= ownBytes;
        ownBytes = 0;
      },
    };
  }
}

export interface Reservation {
  /**
   * Holds this much in place of what it held. To hold less always works.
   *
   * @returns false, and changes nothing, where that would be too much
   */
  resize(bytes: number): boolean;
  release(): void;
}

/** A whole body, whose memory is reserved until it is released. */
export interface HeldBody {
  readonly bytes: Buffer;
  /** What it lies in where the workers can read it; for those who need it for longer than until it is released. */
  readonly block: Block | null;
  release(): void;
}
