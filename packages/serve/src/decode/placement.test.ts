import { describe, expect, it } from 'vitest';
import { isWholeImage, placement } from './placement.js';

describe('placement', () => {
  it('stretches to the square where nothing is to be cut out', () => {
    expect(placement({ width: 640, height: 360 }, 224)).toEqual({
      scaled: { width: 224, height: 224 },
      left: 0,
      top: 0,
      size: 224,
    });
  });

  // What torchvision 0.19 gives for Resize(floor(size / ratio)) and CenterCrop(size), worked out by its formulas.
  it.each<[name: string, image: [number, number], size: number, ratio: number, expected: number[]]>([
    // 256 * 640 / 360 = 455.11; (455 - 224) / 2 = 115.5 is nearest to both, and 116 is even.
    ['landscape', [640, 360], 224, 0.875, [455, 256, 116, 16]],
    ['portrait', [360, 640], 224, 0.875, [256, 455, 16, 116]],
    ['square', [300, 300], 224, 0.875, [256, 256, 16, 16]],
    ['smaller than the model', [100, 80], 224, 0.875, [320, 256, 48, 16]],
    // floor(224 / 0.9) = 248; 248 * 500 / 333 = 372.37; (372 - 224) / 2 = 74.
    ['a side that is no whole number', [500, 333], 224, 0.9, [372, 248, 74, 12]],
    // (225 - 224) / 2 = 0.5 goes to 0, (227 - 224) / 2 = 1.5 to 2.
    ['a margin of one pixel', [225, 227], 224, 224 / 225, [225, 227, 0, 2]],
    ['the whole shorter side', [448, 224], 224, 1, [448, 224, 112, 0]],
    ['a line', [1000, 1], 8, 1, [8000, 8, 3996, 0]],
  ])('%s', (_name, [width, height], size, ratio, [scaledWidth, scaledHeight, left, top]) => {
    expect(placement({ width, height }, size, ratio)).toEqual({
      scaled: { width: scaledWidth, height: scaledHeight },
      left,
      top,
      size,
    });
  });

  it.each([0.5, 0.875, 0.95, 224 / 235, 1])(
    'the square always lies within the scaled image (%d)',
    (ratio) => {
      for (let width = 1; width < 600; width += 7) {
        const { scaled, left, top } = placement({ width, height: 97 }, 224, ratio);
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(left + 224).toBeLessThanOrEqual(scaled.width);
        expect(top + 224).toBeLessThanOrEqual(scaled.height);
      }
    },
  );
});

it('only an image of the size of the model that is not cut needs nothing but decoding', () => {
  const whole = (width: number, height: number, ratio?: number) =>
    isWholeImage(placement({ width, height }, 224, ratio), { width, height });
  expect(whole(224, 224)).toBe(true);
  expect(whole(224, 224, 1)).toBe(true);
  expect(whole(224, 224, 0.875)).toBe(false);
  expect(whole(256, 256, 0.875)).toBe(false);
  expect(whole(448, 224)).toBe(false);
});
