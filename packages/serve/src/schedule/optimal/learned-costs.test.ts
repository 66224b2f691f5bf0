import { expect, it } from 'vitest';
import { LearnedCosts } from './learned-costs.js';

it('starts from what was measured', () => {
  expect(new LearnedCosts([10, 15, 18]).all()).toEqual([10, 15, 18]);
});

it('follows the trend of the batches that run, sizes that did not run included', () => {
  const costs = new LearnedCosts([1000, 1500, 1800]);
  for (let n = 0; n < 200; n++) costs.observe({ size: 2, occupiedUs: 3000, before: n % 2 });
  expect(costs.costUs(2)).toBeCloseTo(3000, 0);
  expect(costs.costUs(3)).toBeCloseTo(3600, 0);
});

it('tells sizes apart that drift differently', () => {
  const costs = new LearnedCosts([1000, 1500]);
  for (let n = 0; n < 400; n++) {
    costs.observe({ size: 1, occupiedUs: 1000, before: 1 });
    costs.observe({ size: 2, occupiedUs: 3000, before: 2 });
  }
  expect(costs.costUs(2) / costs.costUs(1)).toBeGreaterThan(2.7);
});

it('does not hold it against small batches that they more often begin on an idle worker', () => {
  const costs = new LearnedCosts([1000, 2000]);
  for (let n = 0; n < 400; n++) {
    costs.observe({ size: 1, occupiedUs: 1200, before: 0 });
    costs.observe({ size: 1, occupiedUs: 1000, before: 1 });
    costs.observe({ size: 2, occupiedUs: 2000, before: 1 });
  }
  expect(costs.costUs(2) / costs.costUs(1)).toBeCloseTo(2, 1);
});

it('charges a batch for its own answers, not for those that it found', () => {
  const costs = new LearnedCosts([1000, 2000]);
  // Each answer takes the batch after it 100 us; singles come after pairs and pairs after singles more often than not.
  for (let n = 0; n < 2000; n++) {
    const rare = n % 4 === 0;
    costs.observe({ size: 1, occupiedUs: rare ? 1100 : 1200, before: rare ? 1 : 2 });
    costs.observe({ size: 2, occupiedUs: rare ? 2200 : 2100, before: rare ? 2 : 1 });
  }
  expect(costs.costUs(2) / costs.costUs(1)).toBeCloseTo(2, 1);
});

it('ignores a size that was never measured', () => {
  const costs = new LearnedCosts([1000]);
  costs.observe({ size: 5, occupiedUs: 9000, before: 0 });
  expect(costs.all()).toEqual([1000]);
});
