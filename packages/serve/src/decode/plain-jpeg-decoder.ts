import sharp from 'sharp';
import { plainJpegSize } from './jpeg-header.js';
import { isWholeImage, placement } from './placement.js';
import { fitWhole, READING } from './sharp-decoder.js';
import type { SizeLimits } from './size-limits.js';

/**
 * JPEG that needs nothing but decoding, exactly, through libvips: the same pixels as the general decoder gives,
 * in one pass of its pipeline instead of two, for all that the first would find out is in the header.
 *
 * @returns decode, which answers false for a file that it cannot take or that is damaged: the general decoder
 *   then has the last word
 */
export function plainJpegDecoder(limits: SizeLimits, cropRatio?: number) {
  return async (bytes: Uint8Array, size: number, target: Uint8Array): Promise<boolean> => {
    const dimensions = plainJpegSize(bytes, limits);
    if (dimensions === null) return false;
    const image = sharp(bytes, { ...READING, limitInputPixels: limits.maxPixels });
    const place = placement(dimensions, size, cropRatio);
    if (!isWholeImage(place, dimensions, size)) fitWhole(image, dimensions, place, size);
    try {
      const data = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
      if (data.length !== target.length) return false;
      target.set(data);
      return true;
    } catch {
      return false;
    }
  };
}
