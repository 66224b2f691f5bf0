import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDurationOrNoneUs, parseDurationUs } from './duration.js';

describe('a length of time', () => {
  it.each([
    ['10s', 10_000_000],
    ['500ms', 500_000],
    ['1.5m', 90_000_000],
    ['1.5s', 1_500_000],
    ['.5s', 500_000],
    ['1h', 3_600_000_000],
    ['1d', 86_400_000_000],
    ['10', 10_000_000],
    ['90', 90_000_000],
    ['0.5', 500_000],
    [' 2 s ', 2_000_000],
    // Go and k6 (locust#1216 asks for the same).
    ['1m30s', 90_000_000],
    ['1h2m3.5s', 3_723_500_000],
    ['1m 30s', 90_000_000],
    ['0m1s', 1_000_000],
    ['2min', 120_000_000],
    ['2min30sec', 150_000_000],
    ['250us', 250],
    ['250µs', 250],
    ['1500ns', 2],
  ])('%s', (text, us) => {
    expect(parseDurationUs(text)).toBe(us);
  });

  it.each([
    ...['', ' ', 's', 'soon', '0', '0s', '-1s', '+1s', '10 days', '1e3s', '1m30', '1m-30s', '1,5s'],
    ...['1ss', '1  s', '1s constructor', '1.2.3s', '∞', `${'1'.repeat(400)}s`, 'Infinity', '0x10'],
  ])('is not %j', (text) => {
    expect(() => parseDurationUs(text)).toThrow('is not a length of time');
  });

  it.each(['0', '0s', '0ms', '0.0m', '0h0m'])('may be none: %s', (text) => {
    expect(parseDurationOrNoneUs(text)).toBe(0);
  });

  it('is the sum of its parts', () => {
    const part = fc.record({
      amount: fc.integer({ min: 1, max: 999 }),
      unit: fc.constantFrom('ms', 's', 'm', 'h'),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const words = parts.map(({ amount, unit }) => `${amount}${unit}`);
        const sum = words.reduce((us, word) => us + parseDurationUs(word), 0);
        expect(parseDurationUs(words.join(''))).toBe(sum);
      }),
    );
  });
});
