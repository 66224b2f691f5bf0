import type { ClassPrediction } from '@servelab/core';
import { decodeAnswer } from './decode-answer.js';
import { imageType } from './image-type.js';
import { jsonBody } from './json-body.js';
import { multipartBody } from './multipart-body.js';
import type { EncodedBody, ImageFile } from './request-body.js';

/**
 * How one stack is spoken to. `body`: how an image travels; `field`: the multipart part's name (`file`
 * unless the stack insists on another, as BentoML's batchable endpoint does on `files`).
 */
export interface AdapterSpec {
  readonly body: 'multipart' | 'json' | 'raw';
  readonly field?: string;
}

export interface Adapter {
  /** The body of the request for one image; called before the timed part only. */
  encode(image: ImageFile): EncodedBody;
  /** The top classes of a 2xx answer, most probable first; null when it is not an answer for one image. */
  decode(body: Buffer): ClassPrediction[] | null;
}

export function createAdapter(spec: AdapterSpec): Adapter {
  switch (spec.body) {
    case 'multipart':
      return { encode: (image) => multipartBody(image, spec.field ?? 'file'), decode: decodeAnswer };
    case 'json':
      return { encode: jsonBody, decode: decodeAnswer };
    case 'raw':
      return { encode: rawBody, decode: decodeAnswer };
  }
}

function rawBody({ name, bytes }: ImageFile): EncodedBody {
  return { contentType: imageType(name), bytes: Buffer.from(bytes) };
}
