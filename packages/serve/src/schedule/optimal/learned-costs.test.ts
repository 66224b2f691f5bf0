import { expect, it } from 'vitest';
import { LearnedCosts } from './learned-costs.js';

it('starts from what was measured', () => {
  expect(new LearnedCosts([10, 15, 18]).all()).toEqual([10, 15, 18]);
});

it('follows the batches that run, and lets sizes that did not follow their trend', () => {
  const costs = new LearnedCosts([1000, 1500, 1800]);
  for (let n = 0; n < 200; n++) costs.observe(2, 3000);
  expect(costs.costUs(2)).toBeCloseTo(3000, 0);
  expect(costs.costUs(3)).toBeCloseTo(3600, 0);
});

it('tells sizes apart that drift differently', () => {
  const costs = new LearnedCosts([1000, 1500]);
  for (let n = 0; n < 200; n++) {
    costs.observe(1, 1000);
    costs.observe(2, 3000);
  }
  expect(costs.costUs(1)).toBeLessThan(1150);
  expect(costs.costUs(2)).toBeGreaterThan(2700);
});

it('ignores a size that was never measured', () => {
  const costs = new LearnedCosts([1000]);
  costs.observe(5, 9000);
  expect(costs.all()).toEqual([1000]);
});
