import type { ErrorCode } from '@servelab/core';
import type { InTurns } from './in-turns.js';

/** One image of a request: its file, or why there is none. */
export type IncomingImage = Uint8Array | { readonly code: ErrorCode };

export interface IncomingImages {
  /** At least one, in request order. */
  readonly images: readonly IncomingImage[];
  /** True where the answer is `{"results": [...]}`: `images_base64`, or two and more parts. */
  readonly listed: boolean;
}

/**
 * Turns a body into images. One implementation a form. None copies the files: they stay in the body, and what is
 * encoded is decoded in its place, so that the body is of no use afterwards.
 *
 * @param contentType the whole header, with its parameters
 * @throws RequestError where the body as a whole is wrong
 */
export type Intake = (body: Buffer, contentType: string, maxImages: number) => InTurns<IncomingImages>;
