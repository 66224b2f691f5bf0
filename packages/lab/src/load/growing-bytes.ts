/** What one connection may keep for the next answer. */
const RETAINED_BYTES = 16 * 1024;
const FIRST_BYTES = 1024;
const NONE = Buffer.alloc(0);

/** How much all connections of a driver may keep together. */
export class ByteBudget {
  constructor(private leftBytes: number) {}

  /** @returns false, and takes nothing, where that much is not left */
  take(bytes: number): boolean {
    if (bytes > this.leftBytes) return false;
    this.leftBytes -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.leftBytes += bytes;
  }
}

/**
 * Collects bytes that come in pieces in one buffer, which doubles: a body in chunks of one byte costs no more than its
 * bytes. What it holds is charged to a budget.
 */
export class GrowingBytes {
  length = 0;
  private bytes: Buffer = NONE;

  constructor(private readonly budget: ByteBudget) {}

  /** @returns false where the budget does not allow it; what was collected is gone then */
  append(piece: Buffer, from: number, to: number): boolean {
    const needed = this.length + to - from;
    if (needed > this.bytes.length && !this.grow(needed)) return false;
    piece.copy(this.bytes, this.length, from, to);
    this.length = needed;
    return true;
  }

  /** What was collected; good until the next `append` after a `clear`. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > RETAINED_BYTES) this.release();
  }

  release(): void {
    this.length = 0;
    this.budget.give(this.bytes.length);
    this.bytes = NONE;
  }

  private grow(needed: number): boolean {
    const size = Math.max(needed, 2 * this.bytes.length, FIRST_BYTES);
    if (!this.budget.take(size - this.bytes.length)) {
      this.release();
      return false;
    }
    const grown = Buffer.allocUnsafeSlow(size);
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
    return true;
  }
}
