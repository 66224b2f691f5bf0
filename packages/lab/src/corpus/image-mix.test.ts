import { describe, expect, it } from 'vitest';
import { IMAGE_MIXES, planCrops } from './image-mix.js';

const SOURCES = [
  { width: 1280, height: 720 },
  { width: 512, height: 929 },
];

describe.each(Object.entries(IMAGE_MIXES))('planCrops for %s', (_name, mix) => {
  const crops = planCrops(mix, SOURCES, 256, 1);

  it('stays inside its source, in the shape of the mix', () => {
    for (const { source, left, top, width, height } of crops) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(SOURCES[source]?.width ?? 0);
      expect(top + height).toBeLessThanOrEqual(SOURCES[source]?.height ?? 0);
      expect(Math.abs(width / height / (mix.width / mix.height) - 1)).toBeLessThan(0.02);
    }
  });

  it('takes the sources in turn, and no crop twice', () => {
    expect(crops.map(({ source }) => source).slice(0, 4)).toEqual([0, 1, 0, 1]);
    expect(new Set(crops.map((crop) => JSON.stringify(crop))).size).toBe(256);
  });

  it('repeats for one seed and differs for another', () => {
    expect(planCrops(mix, SOURCES, 256, 1)).toEqual(crops);
    expect(planCrops(mix, SOURCES, 256, 2)).not.toEqual(crops);
  });
});
