import type { ImageFile } from './request-body.js';

/** `{"image_base64": "..."}`, as the contract's JSON form has it; `field` is the name there. */
export function jsonBody({ bytes }: ImageFile, field: string): Buffer {
  return Buffer.from(JSON.stringify({ [field]: Buffer.from(bytes).toString('base64') }));
}
