import { usageError } from '../errors/user-error.js';
import { US_PER_MS, US_PER_S } from './units.js';

/** As Go, k6 and people write them. */
const UNIT_US: Readonly<Record<string, number>> = {
  ns: 0.001,
  us: 1,
  µs: 1,
  μs: 1,
  ms: US_PER_MS,
  s: US_PER_S,
  sec: US_PER_S,
  m: 60 * US_PER_S,
  min: 60 * US_PER_S,
  h: 3600 * US_PER_S,
  d: 86_400 * US_PER_S,
};
/** An amount and its unit; the next pair begins where this one ends. */
const PAIR = /(\d+(?:\.\d+)?|\.\d+) ?([a-zµμ]+) ?/y;
const BARE = /^(?:\d+(?:\.\d+)?|\.\d+)$/;
/** No length of time is longer in words. */
const LONGEST = 64;

/**
 * Reads `10s`, `500ms`, `1.5m`, `1m30s`, `2min` or `1h`, as Go and k6 write them; a bare number is seconds.
 *
 * @returns microseconds, above 0
 * @throws UserError (exit code 2)
 */
export function parseDurationUs(text: string): number {
  const us = durationUs(text);
  if (us > 0) return us;
  throw noDuration(text);
}

/** The same where there may be none: `0`, `0s`. */
export function parseDurationOrNoneUs(text: string): number {
  const us = durationUs(text);
  if (us >= 0) return us;
  throw noDuration(text);
}

const noDuration = (text: string) =>
  usageError(
    `"${text.slice(0, LONGEST)}" is not a length of time`,
    'Write it like 10s, 500ms, 2m or 1m30s; a bare number is seconds.',
  );

/** NaN for what is none. */
function durationUs(text: string): number {
  const words = text.trim();
  if (words.length > LONGEST) return Number.NaN;
  if (BARE.test(words)) return Math.round(Number(words) * US_PER_S);
  let us = 0;
  let at = 0;
  while (at < words.length) {
    PAIR.lastIndex = at;
    const [whole, amount, unit = ''] = PAIR.exec(words) ?? [''];
    if (whole === '' || !Object.hasOwn(UNIT_US, unit)) return Number.NaN;
    us += Number(amount) * (UNIT_US[unit] ?? Number.NaN);
    at += whole.length;
  }
  return at === 0 ? Number.NaN : Math.round(us);
}
