import turbo from '@julusian/jpeg-turbo';
import { plainJpegSize } from './jpeg-header.js';
import { resizeRgb } from './sharp-decoder.js';

/** Larger files go through libvips, which streams: decoding whole costs 3 bytes a pixel. */
const MAX_PIXELS = 4_000_000;

/**
 * JPEG straight through libjpeg-turbo, several times faster than libvips on the small files that models are
 * sent, because it does nothing else. But the package asks it for its fast inverse DCT and leaves no choice:
 * pixels are off by one on average and 20 at worst, probabilities by up to 0.1, so this is `--fast-decode`.
 * Strict: any warning of the library counts as failure.
 *
 * @returns decode, which answers false for a file that it cannot take or that is damaged: the general decoder
 *   then has the last word, so that both paths judge alike
 */
export function turboDecoder(maxPixels: number) {
  const limit = Math.min(maxPixels, MAX_PIXELS);
  let scratch = Buffer.alloc(0);

  return async (bytes: Uint8Array, size: number, target: Uint8Array): Promise<boolean> => {
    const dimensions = plainJpegSize(bytes, limit);
    if (dimensions === null) return false;
    const { width, height } = dimensions;
    const source = asBuffer(bytes);
    try {
      if (width === size && height === size) {
        turbo.decompressSync(source, asBuffer(target), { format: turbo.FORMAT_RGB });
        return true;
      }
      const needed = width * height * 3;
      if (scratch.length < needed) scratch = Buffer.allocUnsafeSlow(needed);
      turbo.decompressSync(source, scratch, { format: turbo.FORMAT_RGB });
    } catch {
      return false;
    }
    target.set(await resizeRgb(scratch.subarray(0, width * height * 3), width, height, size));
    return true;
  };
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
