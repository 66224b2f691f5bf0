import type { EncodedBody, ImageFile } from './request-body.js';

/** `{"image_base64": "..."}`, as the contract's JSON form has it. */
export function jsonBody({ bytes }: ImageFile): EncodedBody {
  const image_base64 = Buffer.from(bytes).toString('base64');
  return { contentType: 'application/json', bytes: Buffer.from(JSON.stringify({ image_base64 })) };
}
