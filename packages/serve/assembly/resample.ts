// Compiled by AssemblyScript to WebAssembly with SIMD: see src/decode/resampler.ts, which calls it.
//
// Weights are integers of 22 bits after the point, each split in an upper part and eleven lower bits that are not negative:
// two pairs of 16-bit factors instead of one of 32 bits, which is twice as fast, and the sum is the same.

const LOWER_BITS: i32 = 11;
const ROUND: i32 = 1 << 21;
const SHIFT: i32 = 22;
/** Of one tap or two: upper parts of both as 16 bits each, then lower parts. */
const PAIR_BYTES: usize = 8;
const CHANNELS: usize = 3;

/**
 * Each row of RGB pixels to `outWidth` pixels.
 *
 * @param starts first tap of each output pixel, i32
 * @param weights `taps / 2` pairs of each output pixel; `taps` is a multiple of four
 */
export function resampleRows(
  source: usize,
  width: i32,
  height: i32,
  target: usize,
  outWidth: i32,
  starts: usize,
  weights: usize,
  taps: i32,
): void {
  for (let y = 0; y < height; y++) {
    const row = source + <usize>y * <usize>width * CHANNELS;
    let pair = weights;
    for (let x = 0; x < outWidth; x++) {
      let from = row + <usize>load<i32>(starts + ((<usize>x) << 2)) * CHANNELS;
      let upper = i32x4.splat(0);
      let lower = i32x4.splat(0);
      for (let tap = 0; tap < taps; tap += 4) {
        const pixels = v128.load(from);
        // Red, green and blue of two neighbors side by side, as 16 bits; -128 is a byte of zero.
        const first = v128.swizzle(
          pixels,
          i8x16(0, -128, 3, -128, 1, -128, 4, -128, 2, -128, 5, -128, -128, -128, -128, -128),
        );
        const second = v128.swizzle(
          pixels,
          i8x16(6, -128, 9, -128, 7, -128, 10, -128, 8, -128, 11, -128, -128, -128, -128, -128),
        );
        upper = i32x4.add(upper, i32x4.dot_i16x8_s(first, v128.load32_splat(pair)));
        lower = i32x4.add(lower, i32x4.dot_i16x8_s(first, v128.load32_splat(pair, 4)));
        upper = i32x4.add(upper, i32x4.dot_i16x8_s(second, v128.load32_splat(pair, 8)));
        lower = i32x4.add(lower, i32x4.dot_i16x8_s(second, v128.load32_splat(pair, 12)));
        from += 4 * CHANNELS;
        pair += 2 * PAIR_BYTES;
      }
      const bytes = toBytes(upper, lower);
      // The fourth byte is overwritten by the next pixel.
      v128.store32_lane(target, bytes, 0);
      target += CHANNELS;
    }
  }
}

/** Each column of bytes to `outHeight` bytes; `rowBytes` is a multiple of eight or followed by memory that may be written. */
export function resampleColumns(
  source: usize,
  rowBytes: i32,
  target: usize,
  outHeight: i32,
  starts: usize,
  weights: usize,
  taps: i32,
): void {
  const stride = <usize>rowBytes;
  for (let y = 0; y < outHeight; y++) {
    const top = source + <usize>load<i32>(starts + ((<usize>y) << 2)) * stride;
    const pairs = weights + <usize>y * <usize>(taps >> 1) * PAIR_BYTES;
    for (let x: usize = 0; x < stride; x += 8) {
      let upperLeft = i32x4.splat(0);
      let lowerLeft = i32x4.splat(0);
      let upperRight = i32x4.splat(0);
      let lowerRight = i32x4.splat(0);
      let from = top + x;
      let pair = pairs;
      for (let tap = 0; tap < taps; tap += 2) {
        const above = v128.load64_zero(from);
        const below = v128.load64_zero(from + stride);
        const both = v128.shuffle<u8>(above, below, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const left = i16x8.extend_low_i8x16_u(both);
        const right = i16x8.extend_high_i8x16_u(both);
        const upper = v128.load32_splat(pair);
        const lower = v128.load32_splat(pair, 4);
        upperLeft = i32x4.add(upperLeft, i32x4.dot_i16x8_s(left, upper));
        lowerLeft = i32x4.add(lowerLeft, i32x4.dot_i16x8_s(left, lower));
        upperRight = i32x4.add(upperRight, i32x4.dot_i16x8_s(right, upper));
        lowerRight = i32x4.add(lowerRight, i32x4.dot_i16x8_s(right, lower));
        from += stride << 1;
        pair += PAIR_BYTES;
      }
      v128.store32_lane(target, toBytes(upperLeft, lowerLeft), 0);
      v128.store32_lane(target, toBytes(upperRight, lowerRight), 0, 4);
      target += 8;
    }
    target -= (8 - (stride & 7)) & 7;
  }
}

/** Four sums as four bytes, rounded and limited to 0 to 255. */
function toBytes(upper: v128, lower: v128): v128 {
  const sum = i32x4.add(i32x4.add(i32x4.shl(upper, LOWER_BITS), lower), i32x4.splat(ROUND));
  const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sum, SHIFT), i32x4.splat(0));
  return i8x16.narrow_i16x8_u(words, words);
}
