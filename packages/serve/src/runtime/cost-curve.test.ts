import { describe, expect, it } from 'vitest';
import { batchCostMs, denseCosts } from './cost-curve.js';

describe('denseCosts', () => {
  it.each<[name: string, measured: Record<number, number>, dense: number[]]>([
    ['one size', { 1: 5 }, [5]],
    ['a straight line between sizes', { 1: 10, 4: 40 }, [10, 20, 30, 40]],
    ['each gap has its own line', { 1: 104, 2: 104, 4: 188 }, [104, 104, 146, 188]],
    ['a larger batch that was measured to be cheaper stays so', { 1: 100, 3: 90 }, [100, 95, 90]],
  ])('%s', (_name, measured, dense) => {
    expect(denseCosts(measured)).toEqual(dense);
  });

  it('needs the cost of a single image', () => {
    expect(() => denseCosts({ 2: 10 })).toThrow(RangeError);
  });
});

describe('batchCostMs', () => {
  it.each<[name: string, costMs: number[], count: number, ms: number]>([
    ['a size that was measured', [10, 15, 25], 2, 15],
    ['goes on with the last slope', [10, 15, 25], 5, 45],
    ['never falls beyond the last size', [10, 8], 4, 8],
    ['is proportional where one size is known', [10], 3, 30],
  ])('%s', (_name, costMs, count, ms) => {
    expect(batchCostMs(costMs, count)).toBe(ms);
  });
});
