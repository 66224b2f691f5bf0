import { RequestError } from '../request-error.js';
import { decodeBase64 } from './base64.js';
import type { IncomingImage, Intake } from './intake.js';
import { requireImages } from './require-images.js';

/** `{"image_base64": "..."}` or `{"images_base64": ["...", ...]}`. */
export const jsonBase64: Intake = (body, _contentType, maxImages) => {
  const { image_base64: one, images_base64: several } = parseObject(body);
  if (one !== undefined && several !== undefined) {
    throw new RequestError('invalid_json', 'Send either image_base64 or images_base64, not both.');
  }
  if (one !== undefined) {
    if (typeof one !== 'string') throw new RequestError('invalid_json', 'image_base64 is not a string.');
    const bytes = decodeBase64(one);
    if (bytes === null) throw new RequestError('invalid_base64');
    return { images: [bytes], listed: false };
  }
  if (several !== undefined && !Array.isArray(several)) {
    throw new RequestError('invalid_json', 'images_base64 is not a list.');
  }
  const encoded: unknown[] = several ?? [];
  requireImages(encoded.length, maxImages);
  return { images: encoded.map(decodeOne), listed: true };
};

/** Among several, a bad one fails alone. */
function decodeOne(encoded: unknown): IncomingImage {
  const bytes = typeof encoded === 'string' ? decodeBase64(encoded) : null;
  return bytes ?? { code: 'invalid_base64' };
}

function parseObject(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new RequestError('invalid_json', 'The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RequestError('invalid_json');
  return value as Record<string, unknown>;
}
