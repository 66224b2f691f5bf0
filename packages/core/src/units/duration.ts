import { usageError } from '../errors/user-error.js';

const UNIT_US = { ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const;

/**
 * Reads `10s`, `500ms`, `1.5m` or `1h`; a bare number is seconds.
 *
 * @returns microseconds, above 0
 * @throws UserError (exit code 2)
 */
export function parseDurationUs(text: string): number {
  const match = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>ms|s|m|h)?$/.exec(text.trim());
  const unit = (match?.groups?.unit ?? 's') as keyof typeof UNIT_US;
  const us = Math.round(Number(match?.groups?.amount ?? Number.NaN) * UNIT_US[unit]);
  if (!(us > 0)) {
    throw usageError(`"${text}" is not a length of time`, 'Write it like 10s, 500ms or 2m.');
  }
  return us;
}
