import { describe, expect, it } from 'vitest';
import { decodedSize, denominatorFor } from './decode-scale.js';

const INPUT = { width: 224, height: 224 };

describe('scaling while decoding', () => {
  it.each([
    [224, 224, 1],
    [1478, 1478, 1],
    [1479, 1479, 2],
    [1920, 1080, 1],
    [2957, 2957, 4],
    [3840, 2160, 2],
    [4032, 3024, 4],
    [8000, 6000, 8],
    [50_000, 50_000, 8],
    [20_000, 300, 1], // the side with fewer pixels decides
  ])('%i x %i to 224 x 224: 1/%i', (width, height, denominator) => {
    expect(denominatorFor({ width, height }, INPUT)).toBe(denominator);
  });

  it('rounds dimensions up, as libjpeg-turbo does', () => {
    expect(decodedSize({ width: 1001, height: 1000 }, 4)).toEqual({ width: 251, height: 250 });
  });
});
