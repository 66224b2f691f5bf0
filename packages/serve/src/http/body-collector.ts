import type { Block, BodyArena } from '../shared-memory/body-arena.js';
import type { HeldBody, Reservation } from './body-budget.js';
import { RequestError } from './request-error.js';

/** Room for the second chunk of a body; it doubles from there. Most photographs fit, and are copied once. */
const FIRST_ROOM_BYTES = 256 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Puts the chunks of a body together, in one buffer that doubles: a chunk of one byte that is kept is an object
 * of 400. What is reserved is the memory that is held, not the bytes that came.
 *
 * ```
 * first chunk         kept as it is
 * second and later    copied into the buffer |########........|   reserved: all of it
 * whole               in the arena, where there is one with room: what came in one chunk is copied now, once
 * ```
 *
 * A declared length only limits the buffer. To reserve it at once would let clients that send nothing more than a
 * header take the whole budget.
 */
export class BodyCollector {
  readonly #reservation: Reservation;
  readonly #limitBytes: number;
  readonly #roomLimitBytes: number;
  readonly #arena: BodyArena | null;
  #buffer: Buffer = NOTHING;
  /** Of the arena; null while the buffer is on the heap. */
  #block: Block | null = null;
  #filledBytes = 0;

  /** @param declaredBytes the content length, where there is one; Node lets no body be longer */
  constructor(
    reservation: Reservation,
    limitBytes: number,
    declaredBytes: number | null = null,
    arena: BodyArena | null = null,
  ) {
    this.#reservation = reservation;
    this.#arena = arena;
    this.#limitBytes = limitBytes;
    this.#roomLimitBytes = Math.min(limitBytes, declaredBytes ?? limitBytes);
  }

  /** @returns null where the chunk was taken; else why not, and the collector is of no more use */
  add(chunk: Buffer): RequestError | null {
    const neededBytes = this.#filledBytes + chunk.length;
    if (neededBytes > this.#limitBytes) return overLimit(this.#limitBytes);
    if (this.#filledBytes === 0) return this.#keep(chunk);
    if (neededBytes > this.#buffer.length) {
      const refusal = this.#grow(neededBytes);
      if (refusal !== null) return refusal;
    }
    chunk.copy(this.#buffer, this.#filledBytes);
    this.#filledBytes = neededBytes;
    return null;
  }

  /** The whole body; the collector is of no more use. */
  whole(): HeldBody {
    if (this.#block === null && this.#filledBytes > 0) this.#moveToArena();
    const [block, reservation] = [this.#block, this.#reservation];
    return {
      bytes: this.#buffer.subarray(0, this.#filledBytes),
      block,
      release: () => {
        reservation.release();
        block?.release();
      },
    };
  }

  /** Gives back all that it holds. */
  discard(): void {
    this.#reservation.release();
    this.#block?.release();
    this.#block = null;
  }

  #keep(chunk: Buffer): RequestError | null {
    // A chunk may be a small part of the memory that it keeps alive.
    if (!this.#reservation.resize(chunk.buffer.byteLength)) return overBudget();
    this.#buffer = chunk;
    this.#filledBytes = chunk.length;
    return null;
  }

  #grow(neededBytes: number): RequestError | null {
    const doubledBytes = Math.max(FIRST_ROOM_BYTES, 2 * this.#buffer.length);
    const roomBytes = Math.max(neededBytes, Math.min(doubledBytes, this.#roomLimitBytes));
    const block = this.#arena?.take(roomBytes) ?? null;
    if (!this.#reservation.resize(block?.bytes.length ?? roomBytes)) {
      block?.release();
      return overBudget();
    }
    this.#moveTo(block?.bytes ?? Buffer.allocUnsafeSlow(roomBytes), block);
    return null;
  }

  /** Where there is no room for it, it stays where it is. */
  #moveToArena(): void {
    const block = this.#arena?.take(this.#filledBytes) ?? null;
    if (block === null) return;
    if (this.#reservation.resize(block.bytes.length)) this.#moveTo(block.bytes, block);
    else block.release();
  }

  #moveTo(room: Buffer, block: Block | null): void {
    this.#buffer.copy(room, 0, 0, this.#filledBytes);
    this.#block?.release();
    this.#buffer = room;
    this.#block = block;
  }
}

export const overLimit = (maxBodyBytes: number) =>
  new RequestError('body_too_large', `The body is larger than ${maxBodyBytes} bytes.`);

export const overBudget = () =>
  new RequestError('queue_full', 'The bodies that wait fill --max-buffered-bytes; try again later.', {
    'retry-after': '1',
  });
