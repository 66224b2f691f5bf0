import { msToUs } from '@servelab/core';
import { RequestError } from './request-error.js';

/** What the header may say at most, eleven days; the server's own time-out is less. */
export const MAX_WISH_MS = 999_999_999;

/**
 * Moment by which the answer must be out: the server's time-out, which `x-request-timeout-ms` can only
 * shorten, counted from the end of the headers.
 *
 * @throws RequestError `bad_request` for a header that is no whole number of milliseconds
 */
export function requestDeadlineUs(
  header: string | string[] | undefined,
  requestTimeoutMs: number,
  startedUs: number,
): number {
  if (header === undefined) return startedUs + msToUs(requestTimeoutMs);
  const wishedMs = typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : 0;
  if (wishedMs < 1 || wishedMs > MAX_WISH_MS) {
    throw new RequestError(
      'bad_request',
      `x-request-timeout-ms must be a whole number of milliseconds from 1 to ${MAX_WISH_MS}.`,
    );
  }
  return startedUs + msToUs(Math.min(wishedMs, requestTimeoutMs));
}
