import { expect, it } from 'vitest';
import { LearnedCosts } from './learned-costs.js';

/** Steps, as a Keras call has them. */
const STEPS = [104, 104, 188, 184];

it('starts from what was measured', () => {
  expect(new LearnedCosts(STEPS).all()).toEqual(STEPS);
});

it('takes a curve that is nearly straight for a line: what is left is chance', () => {
  // 10 n, measured with 3 %.
  const costs = new LearnedCosts([10.3, 19.6, 30.6, 39]).all();
  const perImage = costs.map((us, index) => us / (index + 1));
  expect(Math.max(...perImage) / Math.min(...perImage)).toBeLessThan(1.045);
  const [first = 0, second = 0, third = 0, fourth = 0] = costs;
  expect(second - first).toBeCloseTo(third - second, 6);
  expect(third - second).toBeCloseTo(fourth - third, 6);
});

it('follows the batches that run, and lets sizes that did not follow their trend', () => {
  const costs = new LearnedCosts(STEPS);
  for (let n = 0; n < 200; n++) costs.observe(2, 208);
  expect(costs.costUs(2)).toBeCloseTo(208, 0);
  expect(costs.costUs(3)).toBeCloseTo(376, 0);
});

it('tells sizes apart that drift differently, but only after many batches', () => {
  const costs = new LearnedCosts(STEPS);
  const run = (times: number) => {
    for (let n = 0; n < times; n++) {
      costs.observe(1, 104);
      costs.observe(3, 2 * 188);
    }
  };
  run(3);
  expect(costs.costUs(3) / costs.costUs(1)).toBeLessThan((1.4 * 188) / 104);
  run(400);
  expect(costs.costUs(3) / costs.costUs(1)).toBeGreaterThan((1.8 * 188) / 104);
});

it('ignores a size that was never measured', () => {
  const costs = new LearnedCosts([1000]);
  costs.observe(5, 9000);
  expect(costs.all()).toEqual([1000]);
});
