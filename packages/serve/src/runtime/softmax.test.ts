import { expect, it } from 'vitest';
import { softmaxRows } from './softmax.js';

const softmax = (values: readonly number[], classCount: number) => {
  const rows = Float32Array.from(values);
  softmaxRows(rows, classCount);
  return [...rows];
};
const near = (values: readonly number[], digits = 6) => values.map((value) => expect.closeTo(value, digits));

it('each row is made probabilities by itself', () => {
  const log = Math.log;
  expect(softmax([log(1), log(3), log(4), log(2), log(2), log(4)], 3)).toEqual(
    near([1 / 8, 3 / 8, 4 / 8, 2 / 8, 2 / 8, 4 / 8]),
  );
});

it('large and small logits neither overflow nor vanish together', () => {
  // A float32 near 1000 has four digits after the point.
  expect(softmax([1000, 1000 - Math.log(3)], 2)).toEqual(near([0.75, 0.25], 4));
  expect(softmax([-1000, -1000], 2)).toEqual(near([0.5, 0.5]));
});
