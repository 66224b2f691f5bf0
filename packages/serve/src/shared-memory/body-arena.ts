import { closeSync } from 'node:fs';
import { createSharedMemory } from './mapped-memory.js';
import { UnitAllocator } from './unit-allocator.js';

/** What a read of a socket brings at most: the body of a small photograph takes one unit. */
export const UNIT_BYTES = 64 * 1024;
/** Pages that were written to stay, in each process that looked at them. Bodies that find no room go another way. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Memory for bodies that the workers can read, in blocks that are taken and given back.
 *
 * ```
 * |block 1|block 2        |  free  |block 3|      free      |
 *  unit    unit  unit unit
 * ```
 */
export class BodyArena {
  readonly #units: UnitAllocator;

  private constructor(
    /** Of the memory, for workers to inherit. */
    readonly descriptor: number,
    private readonly memory: Uint8Array,
  ) {
    this.#units = new UnitAllocator(memory.length / UNIT_BYTES);
  }

  /**
   * @param budgetBytes of all bodies that are held at once
   * @returns null where the system has no memory that can be shared in this way
   */
  static create(budgetBytes: number): BodyArena | null {
    const units = Math.floor(Math.min(budgetBytes, MOST_BYTES) / UNIT_BYTES);
    const memory = createSharedMemory(units * UNIT_BYTES);
    return memory === undefined ? null : new BodyArena(memory.descriptor, memory.bytes);
  }

  get byteLength(): number {
    return this.memory.length;
  }

  /** @returns a block of at least so many bytes, of undefined content, or null where there is no room */
  take(byteLength: number): Block | null {
    const units = Math.max(1, Math.ceil(byteLength / UNIT_BYTES));
    const first = this.#units.take(units);
    if (first === -1) return null;
    const { buffer, byteOffset } = this.memory;
    const bytes = Buffer.from(buffer, byteOffset + first * UNIT_BYTES, units * UNIT_BYTES);
    return new Block(bytes, () => this.#units.release(first, units));
  }

  /** Where these bytes are in the memory; -1 where they are somewhere else. */
  offsetOf(bytes: Uint8Array): number {
    return bytes.buffer === this.memory.buffer ? bytes.byteOffset - this.memory.byteOffset : -1;
  }

  /** No more workers can be given it; those that have it keep it. */
  close(): void {
    closeSync(this.descriptor);
  }
}

/** Given back once everybody who holds it has let go: whoever took it, and each batch that a worker reads it for. */
export class Block {
  #holders = 1;

  constructor(
    readonly bytes: Buffer,
    private readonly giveBack: () => void,
  ) {}

  retain(): void {
    this.#holders++;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) this.giveBack();
  }
}
