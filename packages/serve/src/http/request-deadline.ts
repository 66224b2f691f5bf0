import { msToUs } from '@servelab/core';
import { RequestError } from './request-error.js';

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
  const wishedMs = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0;
  if (wishedMs < 1) {
    throw new RequestError(
      'bad_request',
      'x-request-timeout-ms must be a whole number of milliseconds, at least 1.',
    );
  }
  return startedUs + msToUs(Math.min(wishedMs, requestTimeoutMs));
}
