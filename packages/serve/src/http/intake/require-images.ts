import { RequestError } from '../request-error.js';

/** @throws RequestError `missing_image` for none, `too_many_images` above the limit */
export function requireImages(count: number, maxImages: number): void {
  if (count === 0) throw new RequestError('missing_image');
  if (count > maxImages) {
    throw new RequestError('too_many_images', `A request may carry ${maxImages} images.`);
  }
}
