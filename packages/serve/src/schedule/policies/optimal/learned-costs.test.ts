import { expect, it } from 'vitest';
import { LearnedCosts } from './learned-costs.js';

it('starts from what was measured', () => {
  expect(new LearnedCosts([10, 15, 18]).all()).toEqual([10, 15, 18]);
});

it('follows the trend of the batches that run, sizes that did not run included', () => {
  const costs = new LearnedCosts([1000, 1500, 1800]);
  for (let n = 0; n < 400; n++) costs.observe({ size: 2, inferUs: 3000, decodeUs: 0, occupiedUs: 3000 });
  expect(costs.all().map(Math.round)).toEqual([2000, 3000, 3600]);
});

it('adds the decoding of each image, and the overhead of a batch', () => {
  const costs = new LearnedCosts([1000, 1500, 1800]);
  for (let n = 0; n < 10; n++) costs.observe({ size: 2, inferUs: 1500, decodeUs: 200, occupiedUs: 1750 });
  expect(costs.all().map(Math.round)).toEqual([1150, 1750, 2150]);
});

it('does not credit large batches when small ones ran while the machine was slow', () => {
  const costs = new LearnedCosts([1000, 2000]);
  for (let n = 0; n < 400; n++) {
    costs.observe({ size: 1, inferUs: 1300, decodeUs: 0, occupiedUs: 1300 });
    costs.observe({ size: 2, inferUs: 2000, decodeUs: 0, occupiedUs: 2000 });
  }
  expect(costs.costUs(2) / costs.costUs(1)).toBeCloseTo(2, 10);
});

it('follows a change slowly', () => {
  const costs = new LearnedCosts([1000]);
  for (let n = 0; n < 400; n++) costs.observe({ size: 1, inferUs: 1000, decodeUs: 0, occupiedUs: 1000 });
  costs.observe({ size: 1, inferUs: 3000, decodeUs: 0, occupiedUs: 3000 });
  expect(costs.costUs(1)).toBeCloseTo(1040, 5);
});

it('ignores a size that was never measured, and a batch in which the model did not run', () => {
  const costs = new LearnedCosts([1000]);
  costs.observe({ size: 5, inferUs: 9000, decodeUs: 0, occupiedUs: 9000 });
  costs.observe({ size: 1, inferUs: 0, decodeUs: 0, occupiedUs: 500 });
  expect(costs.all()).toEqual([1000]);
});
