import { RequestError } from '../request-error.js';
import type { Intake } from './intake.js';
import { jsonBase64 } from './json-base64.js';
import { multipart } from './multipart.js';
import { rawImage } from './raw-image.js';

/**
 * The intake for a content type.
 *
 * @throws RequestError `unsupported_media_type`
 */
export function chooseIntake(contentType: string | undefined): Intake {
  const [mediaType = ''] = (contentType ?? '').split(';', 1);
  const name = mediaType.trim().toLowerCase();
  if (name === 'multipart/form-data') return multipart;
  if (name === 'application/json') return jsonBase64;
  if (name.startsWith('image/')) return rawImage;
  throw new RequestError('unsupported_media_type');
}
