import { expect, it } from 'vitest';
import { shouldReplan } from './replan-rule.js';

const S = 1_000_000;
const basis = { costsUs: [1000, 1800], meanGapUs: 500, clients: 0, seen: 5000, atUs: 0 };

it.each([
  ['nothing has changed', { atUs: 5 * S }, false],
  ['the rate has', { atUs: 5 * S, meanGapUs: 560 }, true],
  ['the rate has, but not by much, and a plan was made not long ago', { atUs: 2 * S, meanGapUs: 560 }, false],
  ['the rate has by much', { atUs: 2 * S, meanGapUs: 750 }, true],
  ['clients have come back', { atUs: 0.1 * S, clients: 8 }, true],
  ['a cost has', { atUs: 5 * S, costsUs: [1000, 1900] }, true],
  ['a cost has by much', { atUs: 2 * S, costsUs: [1000, 2600] }, true],
  ['so has the rate, but just now a plan was made', { atUs: 0.5 * S, meanGapUs: 1000 }, false],
  ['a while has passed with many arrivals', { atUs: 21 * S, seen: 6000 }, true],
  ['a while has passed with few', { atUs: 21 * S, seen: 5100 }, false],
])('%s: %o -> %s', (_name, change, expected) => {
  expect(shouldReplan(basis, { ...basis, ...change })).toBe(expected);
});

it('plans at once when there is no plan, and as what is known doubles', () => {
  expect(shouldReplan(undefined, basis)).toBe(true);
  const early = { ...basis, seen: 100 };
  expect(shouldReplan(early, { ...early, seen: 199, atUs: 2 * S })).toBe(false);
  expect(shouldReplan(early, { ...early, seen: 200, atUs: 2 * S })).toBe(true);
});
