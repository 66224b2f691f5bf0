import sharp from 'sharp';
import { isPlain, readJpegHeader } from './jpeg-header.js';
import { resizeWhole } from './sharp-decoder.js';

/**
 * JPEG that needs nothing but decoding, exactly, through libvips: the same pixels as the general decoder gives,
 * in one pass of its pipeline instead of two, for all that the first would find out is in the header.
 *
 * @returns decode, which answers false for a file that it cannot take or that is damaged: the general decoder
 *   then has the last word
 */
export function plainJpegDecoder(maxPixels: number) {
  return async (bytes: Uint8Array, size: number, target: Uint8Array): Promise<boolean> => {
    const header = readJpegHeader(bytes);
    if (header === undefined || !isPlain(header) || header.width * header.height > maxPixels) return false;
    const { width, height } = header;
    const image = sharp(bytes, {
      failOn: 'error',
      ignoreIcc: true,
      sequentialRead: true,
      limitInputPixels: maxPixels,
    });
    if (width !== size || height !== size) resizeWhole(image, { width, height }, size);
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
