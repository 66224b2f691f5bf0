import type { Size } from './placement.js';

/** Of the scales that libjpeg-turbo decodes to, 1/denominator, those with SIMD code. */
export type Denominator = 1 | 2 | 4 | 8;

/**
 * Decoded pixels for each one that the picture is then scaled to, in width and in height: with so many, probabilities stay
 * within 0.02 of those of exact decoding (bench/scaled-decoding.mjs).
 */
const FEWEST_PIXELS = 3.3;

/** The dimensions that libjpeg-turbo gives a picture: rounded up. */
export const decodedSize = ({ width, height }: Size, denominator: Denominator): Size => ({
  width: Math.ceil(width / denominator),
  height: Math.ceil(height / denominator),
});

/** How far a picture may be scaled down while it is decoded, if it is scaled to `scaled` afterwards. */
export function denominatorFor({ width, height }: Size, scaled: Size): Denominator {
  const pixels = Math.min(width / scaled.width, height / scaled.height);
  const fits = (denominator: 2 | 4 | 8) => pixels >= denominator * FEWEST_PIXELS;
  return ([8, 4, 2] as const).find(fits) ?? 1;
}
