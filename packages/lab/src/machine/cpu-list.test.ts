import { describe, expect, it } from 'vitest';
import { parseCpuList, planCores } from './cpu-list.js';

describe('parseCpuList', () => {
  it.each([
    ['0-1', [0, 1]],
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['5\n', [5]],
    ['', []],
  ])('%j', (text, cores) => {
    expect(parseCpuList(text)).toEqual(cores);
  });
});

describe('planCores', () => {
  it('gives client and server a core each', () => {
    expect(planCores([0, 1], true)).toEqual({ pinned: true, server: [1], client: [0] });
    expect(planCores([2, 3, 4, 5], true)).toEqual({ pinned: true, server: [5], client: [2] });
  });

  it('pins nothing with one core or without taskset, and says why', () => {
    expect(planCores([3], true)).toMatchObject({
      pinned: false,
      reason: expect.stringContaining('one core'),
    });
    expect(planCores([0, 1], false)).toMatchObject({
      pinned: false,
      reason: expect.stringContaining('taskset'),
    });
  });
});
