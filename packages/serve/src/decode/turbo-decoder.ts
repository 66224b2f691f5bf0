import { type Denominator, decodedSize, denominatorFor } from './decode-scale.js';
import type { DecoderOptions } from './image-decoder.js';
import { type PlainJpeg, plainJpeg, readJpegHeader } from './jpeg-header.js';
import { isWholeImage, placement } from './placement.js';
import type { Scaler } from './scaler.js';
import type { TurboJpeg } from './turbojpeg-library.js';
import { turnUpright, uprightSize } from './turn-upright.js';

/** What a worker keeps for the next file; beyond it, memory is given back. */
const MOST_KEPT_BYTES = 16e6;

/**
 * JPEG that needs nothing but decoding and turning, straight through libjpeg-turbo: in a fraction of libvips' time on the
 * small files that models are sent, because it does nothing else and stays on this thread. A file far larger than the
 * model's input is scaled down while it is decoded, unless that is not wanted.
 *
 * @returns decode, which is given the header as well where that has been read, and answers false for a file that it
 *   cannot take or that is damaged: the general decoder then has the last word, so that both paths judge alike
 */
export function turboDecoder(
  library: TurboJpeg,
  scale: Scaler,
  { exactDecode, cropRatio, reserve, ...limits }: DecoderOptions,
) {
  let scratch = new Uint8Array(0);

  async function decode(
    bytes: Uint8Array,
    file: PlainJpeg,
    size: number,
    target: Uint8Array,
  ): Promise<boolean> {
    const { orientation } = file;
    const upright = uprightSize(file, orientation);
    const place = placement(upright, size, cropRatio);
    if (orientation === 1 && isWholeImage(place, file)) {
      return await library.decompress(bytes, file, 1, target);
    }
    const denominator = exactDecode ? 1 : denominatorOf(file, denominatorFor(upright, place.scaled));
    const decoded = decodedSize(file, denominator);
    const needed = decoded.width * decoded.height * 3;
    if (scratch.length < needed) scratch = new Uint8Array(needed);
    const pixels = scratch.subarray(0, needed);
    if (scratch.length > MOST_KEPT_BYTES) scratch = new Uint8Array(0);
    if (!(await library.decompress(bytes, file, denominator, pixels))) return false;
    scale({ pixels: turnUpright(pixels, decoded, orientation), size: upright, denominator }, place, target);
    return true;
  }

  return async (
    bytes: Uint8Array,
    size: number,
    target: Uint8Array,
    header = readJpegHeader(bytes),
  ): Promise<boolean> => {
    const file = plainJpeg(header, limits);
    if (file === null) return false;
    const release = reserve?.(file.width * file.height);
    try {
      return await decode(bytes, file, size, target);
    } finally {
      release?.();
    }
  };
}

/** A part of a pixel at the right or at the bottom, where dimensions were rounded up, cannot be turned to another side. */
function denominatorOf({ width, height, orientation }: PlainJpeg, possible: Denominator): Denominator {
  const isWhole = width % possible === 0 && height % possible === 0;
  return isWhole || orientation === 1 ? possible : 1;
}
