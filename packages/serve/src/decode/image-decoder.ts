import type { ErrorCode } from '@servelab/core';
import type { SizeLimits } from './size-limits.js';

export const DECODE_ERROR_CODES = [
  'invalid_image',
  'image_too_large',
  'image_too_complex',
  'unsupported_image_format',
] as const satisfies readonly ErrorCode[];

export type DecodeErrorCode = (typeof DECODE_ERROR_CODES)[number];

export type DecodeResult = { readonly ok: true } | { readonly ok: false; readonly code: DecodeErrorCode };

/** Turns an encoded file into the model's pixels. Never throws for bad input. */
export interface ImageDecoder {
  /**
   * @param target receives RGB bytes, `[size, size, 3]`: a slot of the batch, so that pixels are written once;
   *   undefined content after an error
   */
  decode(bytes: Uint8Array, size: number, target: Uint8Array): Promise<DecodeResult>;
}

export interface DecoderOptions extends SizeLimits {
  /** Scales from every pixel, also files far larger than the model's input. */
  readonly exactDecode: boolean;
  /** See `placement`: undefined stretches the whole image. */
  readonly cropRatio?: number | undefined;
  /** Told how many pixels are decoded next, and what it returns, once they have been. May wait. */
  readonly reserve?: (pixels: number) => () => void;
}
