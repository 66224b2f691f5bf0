const LENGTH_BYTES = 4;

/** Takes a stream of bytes apart into frames, each of which begins with its own length in bytes (32 bits, little-endian). */
export class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  /** The beginning of a frame whose end has not come. */
  #rest: Buffer | null = null;

  /** @param onFrame may keep nothing of the frame: its memory belongs to whoever gave the bytes */
  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws RangeError for what is no frame, and what `onFrame` throws */
  push(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = null;
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const byteLength = bytes.readUInt32LE(at);
      if (byteLength < LENGTH_BYTES) throw new RangeError(`a frame of ${byteLength} bytes`);
      const end = at + byteLength;
      if (end > bytes.length) break;
      this.#onFrame(bytes.subarray(at, end));
      at = end;
    }
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }
}
