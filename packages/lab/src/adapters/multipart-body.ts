import { createHash } from 'node:crypto';
import { imageType } from './image-type.js';
import type { EncodedBody, ImageFile } from './request-body.js';

/**
 * One file part (RFC 7578). The boundary is a hash of the image: the same image gives the same bytes in
 * every run, and no image contains its own boundary.
 */
export function multipartBody({ name, bytes }: ImageFile, field: string): EncodedBody {
  const boundary = `servelab-${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
  const head =
    `--${boundary}\r\n` +
    `content-disposition: form-data; name="${quoted(field)}"; filename="${quoted(name)}"\r\n` +
    `content-type: ${imageType(name)}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** Escapes as the HTML standard's form encoding does. */
const quoted = (text: string): string =>
  text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
