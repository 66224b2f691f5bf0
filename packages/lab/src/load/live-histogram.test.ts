import { expect, it } from 'vitest';
import { LiveHistogram } from './live-histogram.js';

it('finds quantiles to within 5 % from microseconds to minutes', () => {
  const histogram = new LiveHistogram();
  expect(histogram.quantileUs(0.5)).toBeNull();
  for (let us = 1; us <= 100_000; us++) histogram.add(us);
  for (const q of [0.01, 0.5, 0.95, 0.99]) {
    expect(Math.abs((histogram.quantileUs(q) ?? 0) / (q * 100_000) - 1)).toBeLessThan(0.05);
  }
});

it('takes the smallest and the largest without losing them', () => {
  const histogram = new LiveHistogram();
  for (const us of [-1, 0, 0.5, 1e15]) histogram.add(us);
  expect(histogram.quantileUs(0.5)).toBeLessThan(2);
  expect(histogram.quantileUs(1)).toBeGreaterThan(1e11);
});
