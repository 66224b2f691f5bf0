import type { NowUs } from '@servelab/core';
import type { ImageDecoder } from '../../decode/image-decoder.js';
import type { ImageFile } from '../protocol.js';
import type {
  DecodedBatch,
  DecodedImage,
  DecodeStage,
  SlowDecodingObserver,
  StageSize,
} from './decode-stage.js';

/**
 * Decodes one image after the other on the thread that runs the model, straight into the batch: nothing is handed over,
 * and nothing is decoded while the model runs.
 */
export class ModelThreadStage implements DecodeStage {
  readonly ready = Promise.resolve();
  readonly pixels: Uint8Array;
  readonly #decoder: ImageDecoder;
  readonly #size: number;
  readonly #nowUs: NowUs;
  readonly #slow: SlowDecodingObserver | undefined;

  constructor(
    decoder: ImageDecoder,
    { size, maxBatchSize }: StageSize,
    nowUs: NowUs,
    slow?: SlowDecodingObserver,
  ) {
    this.pixels = new Uint8Array(maxBatchSize * size * size * 3);
    this.#decoder = decoder;
    this.#size = size;
    this.#nowUs = nowUs;
    this.#slow = slow;
  }

  async decode(images: readonly ImageFile[]): Promise<DecodedBatch> {
    const beganUs = this.#nowUs();
    const decoded: DecodedImage[] = [];
    let count = 0;
    for (const image of images) {
      const result = await this.#observed(image, count);
      if (result.ok) count++;
      decoded.push(result);
    }
    return { images: decoded, decodeUs: this.#nowUs() - beganUs };
  }

  async close(): Promise<void> {}

  /**
   * libvips decodes on a thread of its own, so this one is free to say that it takes long; what is decoded on this thread
   * (`turboDecoder`) is small enough by its header to need no watching.
   */
  async #observed(file: ImageFile, slot: number): Promise<DecodedImage> {
    const slow = this.#slow;
    if (slow === undefined) return await this.#decode(file, slot);
    const startUs = this.#nowUs();
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      slow.slow(file.image, this.#nowUs() - startUs);
    }, slow.afterMs);
    try {
      return await this.#decode(file, slot);
    } finally {
      clearTimeout(timer);
      if (isSlow) slow.ended(file.image);
    }
  }

  async #decode({ bytes }: ImageFile, slot: number): Promise<DecodedImage> {
    if (bytes === null) throw new Error('an image was not sent');
    const startUs = this.#nowUs();
    const slotBytes = this.#size * this.#size * 3;
    const target = this.pixels.subarray(slot * slotBytes, (slot + 1) * slotBytes);
    const result = await this.#decoder.decode(bytes, this.#size, target);
    return { ...result, decodeUs: this.#nowUs() - startUs };
  }
}
