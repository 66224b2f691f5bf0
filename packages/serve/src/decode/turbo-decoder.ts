import { plainJpegSize } from './jpeg-header.js';
import { isWholeImage, placement } from './placement.js';
import { fitRgb } from './sharp-decoder.js';
import type { SizeLimits } from './size-limits.js';
import type { TurboJpeg } from './turbojpeg-library.js';

/** Larger files go through libvips, which streams: decoding whole costs 3 bytes a pixel. */
const MAX_PIXELS = 4_000_000;

/**
 * JPEG that needs nothing but decoding, straight through libjpeg-turbo: the same pixels as libvips gives, in a
 * quarter of its time on the small files that models are sent, because it does nothing else and stays on this
 * thread.
 *
 * @returns decode, which answers false for a file that it cannot take or that is damaged: the general decoder
 *   then has the last word, so that all paths judge alike
 */
export function turboDecoder(library: TurboJpeg, { maxPixels, maxSide }: SizeLimits, cropRatio?: number) {
  const limits = { maxPixels: Math.min(maxPixels, MAX_PIXELS), maxSide };
  let scratch = new Uint8Array(0);

  return async (bytes: Uint8Array, size: number, target: Uint8Array): Promise<boolean> => {
    const dimensions = plainJpegSize(bytes, limits);
    if (dimensions === null) return false;
    const { width, height } = dimensions;
    const place = placement(dimensions, size, cropRatio);
    if (isWholeImage(place, dimensions, size)) return library.decompress(bytes, width, height, target);
    const needed = width * height * 3;
    if (scratch.length < needed) scratch = new Uint8Array(needed);
    if (!library.decompress(bytes, width, height, scratch)) return false;
    target.set(await fitRgb(scratch.subarray(0, needed), dimensions, place, size));
    return true;
  };
}
