import { expect, it } from 'vitest';
import { parseDurationUs } from './duration.js';

it.each([
  ['10s', 10_000_000],
  ['500ms', 500_000],
  ['1.5m', 90_000_000],
  ['1h', 3_600_000_000],
  ['10', 10_000_000],
  [' 2 s ', 2_000_000],
])('%s', (text, us) => {
  expect(parseDurationUs(text)).toBe(us);
});

it.each(['', 'soon', '0s', '-1s', '10 days', '1e3s'])('refuses %j', (text) => {
  expect(() => parseDurationUs(text)).toThrow('is not a length of time');
});
