import { describe, expect, it } from 'vitest';
import { topClasses } from './top-classes.js';

describe('topClasses', () => {
  const batch = Float32Array.of(0.5, 0.25, 0.125, 0.125, /* next image */ 0, 0.25, 0.25, 0.5);
  const ids = (image: number, count: number) =>
    topClasses(batch, image, 4, count).map(({ classId }) => classId);

  it('takes the most probable of one image of the batch, falling; of equals the lower class first', () => {
    expect(ids(0, 3)).toEqual([0, 1, 2]);
    expect(ids(1, 3)).toEqual([3, 1, 2]);
    expect(topClasses(batch, 1, 4, 1)).toEqual([{ classId: 3, confidence: 0.5 }]);
  });

  it('gives all where there are fewer', () => {
    expect(ids(1, 9)).toEqual([3, 1, 2, 0]);
  });

  it('agrees with sorting', () => {
    const many = Float32Array.from({ length: 1000 }, (_, n) => ((n * 7919) % 1009) / 1009);
    const sorted = [...many.keys()].sort((one, other) => (many[other] ?? 0) - (many[one] ?? 0));
    expect(topClasses(many, 0, 1000, 5).map(({ classId }) => classId)).toEqual(sorted.slice(0, 5));
  });
});
