import { describe, expect, it } from 'vitest';
import { scheduleLags } from './schedule-lags.js';

describe('scheduleLags', () => {
  it('is zero for requests that were all as late as each other', () => {
    expect(scheduleLags([1005, 1105, 1205], [], 10)).toEqual([0, 0, 0]);
  });

  it('finds the one that was sent late, in whatever order they stand', () => {
    expect(scheduleLags([1200, 1000, 1130], [], 10)).toEqual([0, 0, 30]);
  });

  it('lets a dropped iteration take its place in the row', () => {
    expect(scheduleLags([1000, 1200, 1320], [1100], 10)).toEqual([0, 0, 20]);
  });

  it('has nothing to say without a rate or without requests', () => {
    expect(scheduleLags([1000], [], 0)).toBeNull();
    expect(scheduleLags([], [], 10)).toBeNull();
  });
});
