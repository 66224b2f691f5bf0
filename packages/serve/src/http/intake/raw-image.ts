import { RequestError } from '../request-error.js';
import type { Intake } from './intake.js';

/** The body is the file. */
// biome-ignore lint/correctness/useYield: there is nothing to do
export const rawImage: Intake = function* (body) {
  if (body.length === 0) throw new RequestError('missing_image', 'The body is empty.');
  return { images: [body], listed: false };
};
