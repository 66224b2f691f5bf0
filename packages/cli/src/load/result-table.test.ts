import { expect, it } from 'vitest';
import { targetWords } from './result-table.js';

// wrk#511
it('says loudly that nobody knows who has answered', () => {
  expect(targetWords('https://host/', { insecure: true })).toMatch(
    /^https:\/\/host\/ \(INSECURE: .* not checked\)$/,
  );
  expect(targetWords('https://host/', {})).toBe('https://host/');
});
