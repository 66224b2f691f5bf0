import type { Size } from './placement.js';

const CHANNELS = 3;
/** Orientations of EXIF whose first stored column is the right side or the bottom of the picture. */
const COLUMNS_REVERSED = [2, 3, 7, 8];
/** Those whose first stored row is the bottom or the right side. */
const ROWS_REVERSED = [3, 4, 6, 7];

/** The dimensions of a picture as it is to be seen. */
export function uprightSize({ width, height }: Size, orientation: number): Size {
  return isLying(orientation) ? { width: height, height: width } : { width, height };
}

/**
 * Pixels as they are to be seen.
 *
 * @param pixels `[height, width, 3]` as stored
 * @param orientation of EXIF, 1 to 8
 */
export function turnUpright(pixels: Uint8Array, stored: Size, orientation: number): Uint8Array {
  if (orientation === 1) return pixels;
  const { width, height } = uprightSize(stored, orientation);
  const upright = new Uint8Array(width * height * CHANNELS);
  const rowBytes = stored.width * CHANNELS;
  const isColumnReversed = COLUMNS_REVERSED.includes(orientation);
  const isRowReversed = ROWS_REVERSED.includes(orientation);
  const columnStep = isColumnReversed ? -CHANNELS : CHANNELS;
  const rowStep = isRowReversed ? -rowBytes : rowBytes;
  const [stepX, stepY] = isLying(orientation) ? [rowStep, columnStep] : [columnStep, rowStep];
  let start =
    (isColumnReversed ? rowBytes - CHANNELS : 0) + (isRowReversed ? (stored.height - 1) * rowBytes : 0);
  let to = 0;
  for (let y = 0; y < height; y++, start += stepY) {
    for (let x = 0, from = start; x < width; x++, from += stepX) {
      upright[to++] = pixels[from] as number;
      upright[to++] = pixels[from + 1] as number;
      upright[to++] = pixels[from + 2] as number;
    }
  }
  return upright;
}

const isLying = (orientation: number): boolean => orientation >= 5;
