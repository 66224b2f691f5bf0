import { expect, it } from 'vitest';
import { heldAgainst, heldNear } from './figures.js';

it.each([
  [heldAgainst('upper limit', 3.4, { to: 3 }), 'NOT OK', 3.4 / 3],
  [heldAgainst('upper limit', 300, { to: 3 }), 'NOT OK', 100],
  [heldAgainst('none allowed', 1, { to: 0 }), 'NOT OK', Number.POSITIVE_INFINITY],
  [heldAgainst('none allowed', 0, { to: 0 }), 'ok', 0],
  [heldAgainst('lower limit', 91, { from: 95 }), 'NOT OK', 95 / 91],
  [heldAgainst('lower limit', 0, { from: 95 }), 'NOT OK', Number.POSITIVE_INFINITY],
  [heldNear('ratio', 0.95, 2), 'NOT OK', 2.5],
  [heldNear('ratio', 1.01, 2), 'ok', 0.5],
  [heldAgainst('no figure', Number.NaN, { to: 3 }), 'NOT OK', Number.POSITIVE_INFINITY],
])('holds a figure against its limit: %o', (figure, outcome, timesLimit) => {
  expect(figure.outcome).toBe(outcome);
  expect(figure.timesLimit).toBeCloseTo(timesLimit, 6);
});
