import { expect, it } from 'vitest';
import { linePath } from './line-path.js';

it('draws through every point, level stretches in one piece', () => {
  const heights = [5, 5, 5, 2.04, 2, 7];
  expect(linePath(heights.map((y, i) => [10 * i, y]))).toBe('M0,5H20L30,2H40L50,7');
});

it('has one point, or none', () => {
  expect(linePath([[1, 2.26]])).toBe('M1,2.3');
  expect(linePath([])).toBe('');
});
