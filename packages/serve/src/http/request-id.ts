import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Printable without quotes or spaces, so that an id can stand in a log line, a header and a URL. */
const SANE = /^[\w.:-]{1,128}$/;

/** The client's `x-request-id` when it is sane, else a new one. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}
