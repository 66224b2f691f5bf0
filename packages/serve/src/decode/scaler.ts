import { type Denominator, decodedSize } from './decode-scale.js';
import type { Placement, Size } from './placement.js';
import { createResampler } from './resample/resampler.js';

/** Decoded pixels, upright. */
export interface Picture {
  /** `[height, width, 3]` RGB bytes of `decodedSize(size, denominator)`. */
  readonly pixels: Uint8Array;
  /** Of the picture itself, whatever it was decoded to. */
  readonly size: Size;
  readonly denominator: Denominator;
}

/**
 * Brings a picture to the model's square.
 *
 * @param target `[place.size, place.size, 3]`
 */
export type Scaler = (picture: Picture, place: Placement, target: Uint8Array) => void;

export function createScaler(): Scaler {
  const resample = createResampler();
  return ({ pixels, size, denominator }, { scaled, left, top, size: count }, target) => {
    const decoded = decodedSize(size, denominator);
    const axis = (side: 'width' | 'height', from: number) => ({
      length: decoded[side],
      // Dimensions were rounded up.
      extent: size[side] / denominator,
      // At a half the color of most files is not: they hold it at a half, which exact decoding blurs by as much.
      isAveraged: denominator > 2,
      scaled: scaled[side],
      ...{ from, count },
    });
    resample(pixels, axis('width', left), axis('height', top), target);
  };
}
