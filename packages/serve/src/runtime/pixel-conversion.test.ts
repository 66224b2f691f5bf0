import { describe, expect, it } from 'vitest';
import { pixelConverter } from './pixel-conversion.js';

/** Two images of 2 x 2 pixels; the second repeats the first with 100 added. */
const FIRST = [
  [0, 51, 255],
  [255, 0, 51],
  [51, 255, 0],
  [102, 102, 102],
].flat();
const PIXELS = Uint8Array.from([...FIRST, ...FIRST.map((value) => Math.min(value + 100, 255))]);
const PLAIN = { scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] } as const;

/** Float32 has seven digits. */
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6));

describe('pixelConverter', () => {
  it('hands bytes on as they are, without a copy', () => {
    const converted = pixelConverter(2, { ...PLAIN, layout: 'nhwc', dtype: 'uint8' })(PIXELS, 1);
    expect([...converted]).toEqual(FIRST);
    expect(converted.buffer).toBe(PIXELS.buffer);
  });

  it('gathers each channel in a plane of its own for nchw', () => {
    const convert = pixelConverter(2, { ...PLAIN, layout: 'nchw', dtype: 'uint8' });
    expect(convert(PIXELS, 1)).toEqual(Uint8Array.of(0, 255, 51, 102, 51, 0, 255, 102, 255, 51, 0, 102));
    expect([...convert(PIXELS, 2).subarray(12)]).toEqual([
      100, 255, 151, 202, 151, 100, 255, 202, 255, 151, 100, 202,
    ]);
  });

  it('scales to 0..1 for float32', () => {
    const convert = pixelConverter(2, { ...PLAIN, layout: 'nhwc', dtype: 'float32' });
    expect([...convert(PIXELS, 1)]).toEqual(near([0, 0.2, 1, 1, 0, 0.2, 0.2, 1, 0, 0.4, 0.4, 0.4]));
  });

  it('takes the mean off after scaling, and divides by the deviation, channel by channel', () => {
    const form = { scale: 1 / 255, mean: [0.5, 0.2, 0], std: [0.5, 0.1, 0.25] } as const;
    const convert = pixelConverter(2, { ...form, layout: 'nchw', dtype: 'float32' });
    // Red (x - 0.5) / 0.5, green (x - 0.2) / 0.1, blue x / 0.25 of 0, 1, 0.2, 0.4 and so on.
    expect([...convert(PIXELS, 1)]).toEqual(near([-1, 1, -0.6, -0.2, 0, -2, 8, 2, 4, 0.8, 0, 1.6]));
  });

  it('a scale of 1 leaves mean and deviation in steps of 0..255', () => {
    const form = { scale: 1, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] } as const;
    const convert = pixelConverter(2, { ...form, layout: 'nhwc', dtype: 'float32' });
    expect([...convert(PIXELS, 1).subarray(0, 3)]).toEqual(near([-1, -0.6, 1]));
  });

  it('uses one buffer for every batch that fits into it', () => {
    const convert = pixelConverter(2, { ...PLAIN, layout: 'nchw', dtype: 'float32' });
    const { buffer } = convert(PIXELS, 2);
    expect(convert(PIXELS, 1).buffer).toBe(buffer);
    expect(convert(PIXELS, 1)).toHaveLength(12);
  });
});
