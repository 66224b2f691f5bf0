import type { ErrorCode } from '@servelab/core';

export type DecodedImage =
  | { readonly ok: true /** RGB bytes, `[size, size, 3]` */; readonly pixels: Uint8Array }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, 'invalid_image' | 'image_too_large' | 'unsupported_image_format'>;
    };

/** Turns an encoded file into the model's pixels. Never throws for bad input. */
export interface ImageDecoder {
  decode(bytes: Uint8Array, size: number): Promise<DecodedImage>;
}
