import type { DecodeErrorCode } from '../../decode/image-decoder.js';
import type { ImageFile } from '../protocol.js';

export type DecodedImage = { readonly decodeUs: number } & (
  | { readonly ok: true }
  | { readonly ok: false; readonly code: DecodeErrorCode }
);

export interface DecodedBatch {
  /** In the order of the images. */
  readonly images: readonly DecodedImage[];
  /** How long the batch waited for them. */
  readonly decodeUs: number;
}

/** Makes the pixels of a batch. */
export interface DecodeStage {
  /** @throws where it cannot be used */
  readonly ready: Promise<void>;
  /**
   * `[maxBatchSize, size, size, 3]` RGB bytes. After `decode`: those of the images that could be decoded, in their order
   * and without gaps.
   */
  readonly pixels: Uint8Array;
  /**
   * @param ahead what to decode as well, while nobody waits for it
   * @throws where it cannot go on: the worker is not to be trusted any more
   */
  decode(images: readonly ImageFile[], ahead: readonly ImageFile[]): Promise<DecodedBatch>;
  close(): Promise<void>;
}

/** What a stage has room for. */
export interface StageSize {
  /** Of the model's input, pixels each way. */
  readonly size: number;
  /** Images. */
  readonly maxBatchSize: number;
}

/** Is told of images whose decoding takes long: both, and in this order, or neither. */
export interface SlowDecodingObserver {
  /** An image that takes less costs nothing. */
  readonly afterMs: number;
  slow(image: number, decodeUs: number): void;
  ended(image: number): void;
}
