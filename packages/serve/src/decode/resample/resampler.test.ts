import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Axis } from './bicubic-weights.js';
import { createResampler } from './resampler.js';

const resample = createResampler();

/** One after the other, in the plain words of Pillow's Resample.c: rows, then columns, bytes between the two. */
function expected(pixels: Uint8Array, horizontal: Axis, vertical: Axis): number[] {
  const rows = scaled(pixels, vertical.length, horizontal, 3);
  const columns = scaled(transposed(rows, vertical.length, horizontal.count), horizontal.count, vertical, 3);
  return [...transposed(columns, horizontal.count, vertical.count)];
}

function scaled(pixels: ArrayLike<number>, lines: number, axis: Axis, channels: number): number[] {
  const scale = axis.extent / axis.scaled;
  const filterScale = Math.max(1, scale);
  return Array.from({ length: lines * axis.count * channels }, (_, at) => {
    const channel = at % channels;
    const out = Math.floor(at / channels) % axis.count;
    const line = Math.floor(at / channels / axis.count);
    const center = (axis.from + out + 0.5) * scale;
    const from = Math.max(0, Math.floor(center - 2 * filterScale + 0.5));
    const to = Math.min(axis.length, Math.floor(center + 2 * filterScale + 0.5));
    const weights = Array.from({ length: to - from }, (_, n) =>
      cubic((n + from - center + 0.5) / filterScale),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const fixed = weights.map((weight) => Math.trunc((weight / total) * 2 ** 22 + (weight < 0 ? -0.5 : 0.5)));
    const at0 = (line * axis.length + from) * channels + channel;
    const sum = fixed.reduce((sum, weight, n) => sum + weight * (pixels[at0 + n * channels] ?? 0), 2 ** 21);
    return Math.max(0, Math.min(255, Math.floor(sum / 2 ** 22)));
  });
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x ** 2 + 1;
  return x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
}

function transposed(pixels: ArrayLike<number>, height: number, width: number): number[] {
  return Array.from({ length: height * width * 3 }, (_, at) => {
    const [y, x] = [Math.floor(at / 3) % height, Math.floor(at / 3 / height)];
    return pixels[(y * width + x) * 3 + (at % 3)] ?? Number.NaN;
  });
}

const axis = fc
  .record({
    length: fc.integer({ min: 1, max: 80 }),
    cut: fc.double({ min: 0, max: 0.9, noNaN: true }),
    scaled: fc.integer({ min: 1, max: 40 }),
    from: fc.nat({ max: 20 }),
    count: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ length, cut, scaled, from, count }): Axis => {
    const first = Math.min(from, scaled - 1);
    return { length, extent: length - cut, scaled, from: first, count: Math.min(count, scaled - first) };
  });

describe('scaling', () => {
  it('gives the pixels of Pillow for any sizes and any part', () => {
    fc.assert(
      fc.property(axis, axis, fc.infiniteStream(fc.nat({ max: 255 })), (horizontal, vertical, bytes) => {
        const pixels = Uint8Array.from(
          { length: horizontal.length * vertical.length * 3 },
          () => bytes.next().value,
        );
        const target = new Uint8Array(horizontal.count * vertical.count * 3);
        resample(pixels, horizontal, vertical, target);
        expect([...target]).toEqual(expected(pixels, horizontal, vertical));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('does not spill over between extremes: black beside white, at every phase', () => {
    const pixels = Uint8Array.from({ length: 97 * 3 * 3 }, (_, n) => (Math.floor(n / 3) % 2 === 0 ? 0 : 255));
    for (let scaled = 1; scaled < 300; scaled += 7) {
      const horizontal = { length: 97, extent: 97, scaled, from: 0, count: scaled };
      const vertical = { length: 3, extent: 3, scaled: 1, from: 0, count: 1 };
      const target = new Uint8Array(scaled * 3);
      resample(pixels, horizontal, vertical, target);
      expect([...target]).toEqual(expected(pixels, horizontal, vertical));
    }
  });

  it('takes pictures of many strips, wide ones and high ones', () => {
    const plain = (width: number, height: number) => {
      const whole = (length: number, scaled: number) => ({
        length,
        extent: length,
        scaled,
        from: 0,
        count: scaled,
      });
      const target = new Uint8Array(5 * 4 * 3);
      resample(new Uint8Array(width * height * 3).fill(77), whole(width, 5), whole(height, 4), target);
      return new Set(target);
    };
    expect(plain(2000, 1500)).toEqual(new Set([77]));
    expect(plain(200_000, 2)).toEqual(new Set([77]));
    expect(plain(2, 200_000)).toEqual(new Set([77]));
  });

  it('gives back the detail that a mean of pixels takes away', () => {
    const wave = (length: number, pixels: number) =>
      Uint8Array.from({ length: length * 3 }, (_, n) => {
        const [from, to] = [-0.5, 0.5].map((edge) => (2 * Math.PI * (Math.floor(n / 3) + edge)) / pixels) as [
          number,
          number,
        ];
        const mean = (Math.sin(to) - Math.sin(from)) / (to - from);
        return Math.round(128 + 100 * mean);
      });
    const flat = { length: 1, extent: 1, scaled: 1, from: 0, count: 1 };
    const amplitude = (isAveraged: boolean) => {
      const horizontal = { length: 200, extent: 200, scaled: 200, from: 0, count: 200, isAveraged };
      const target = new Uint8Array(200 * 3);
      resample(wave(200, 8), horizontal, flat, target);
      return (Math.max(...target) - Math.min(...target)) / 2;
    };
    expect(amplitude(false)).toBeLessThan(98.5);
    expect(Math.abs(amplitude(true) - 100)).toBeLessThanOrEqual(1);
  });
});
