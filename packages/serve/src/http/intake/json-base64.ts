import { RequestError } from '../request-error.js';
import { decodeBase64 } from './base64.js';
import { ImageMembers } from './image-members.js';
import { type InTurns, TURN_BYTES } from './in-turns.js';
import type { IncomingImage, Intake } from './intake.js';
import { JsonScanner, type JsonText } from './json-scanner.js';
import { textBytes } from './json-text.js';
import { requireImages } from './require-images.js';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * `{"image_base64": "..."}` or `{"images_base64": ["...", ...]}`. The base64 is decoded where it stands, so that an
 * image takes no memory beside the body.
 */
export const jsonBase64: Intake = function* (body, _contentType, maxImages) {
  const found = new ImageMembers(body, maxImages);
  const scanner = new JsonScanner(body, startOf(body), found);
  while (!scanner.advance(TURN_BYTES)) yield;

  const { one, several } = found;
  if (one !== undefined && several !== undefined) {
    throw new RequestError('invalid_json', 'Send either image_base64 or images_base64, not both.');
  }
  if (one !== undefined) {
    if (one === 'other') throw new RequestError('invalid_json', 'image_base64 is not a string.');
    const bytes = yield* decodeText(body, one);
    if (bytes === null) throw new RequestError('invalid_base64');
    return { images: [bytes], listed: false };
  }
  if (several === undefined) throw found.missing();
  if (several === 'other') throw new RequestError('invalid_json', 'images_base64 is not a list.');
  requireImages(several.count, maxImages);
  const images: IncomingImage[] = [];
  for (const element of several.elements) {
    const bytes = element === 'other' ? null : yield* decodeText(body, element);
    // Among several, a bad one fails alone.
    images.push(bytes ?? { code: 'invalid_base64' });
  }
  return { images, listed: true };
};

function* decodeText(body: Buffer, text: JsonText): InTurns<Buffer | null> {
  return yield* decodeBase64(yield* textBytes(body, text));
}

/** @throws RequestError `invalid_json` for UTF-16, which some editors and shells write */
function startOf(body: Buffer): number {
  if (body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) return BYTE_ORDER_MARK.length;
  const [first = 0x20, second = 0x20] = body;
  if (first === 0 || second === 0 || (first ^ second) === 0x01) {
    throw new RequestError('invalid_json', 'The body looks like UTF-16; send JSON as UTF-8.');
  }
  return 0;
}
