import { expect, it } from 'vitest';
import { isNoisy, spinDrift } from './noise.js';

it.each([
  ['as fast as before', 20, 20, 0, false],
  ['4 % slower', 20, 20.8, 0, false],
  ['6 % slower', 20, 21.2, 0, true],
  ['6 % faster', 20, 18.8, 0, true],
  ['a tenth stolen', 20, 20, 0.1, true],
  ['unknown', null, null, null, false],
])('a machine %s', (_name, spin_before_ms, spin_after_ms, steal, noisy) => {
  expect(isNoisy({ spin_before_ms, spin_after_ms, steal })).toBe(noisy);
});

it('measures drift as a share of the loop before', () => {
  expect(spinDrift({ spin_before_ms: 20, spin_after_ms: 25, steal: null })).toBe(0.25);
});
