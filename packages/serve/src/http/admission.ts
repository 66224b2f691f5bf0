import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndConnection } from './connections/last-words.js';
import type { OpenConnections } from './connections/open-connections.js';
import { RequestError } from './request-error.js';

/** The expectation that Node meets by itself. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/**
 * @param isProbe answered even to a connection above the limit
 * @returns false where the request is not served: its connection ends then
 */
export type Admit = (request: IncomingMessage, response: ServerResponse, isProbe: boolean) => boolean;

export function admission(connections: OpenConnections, end: EndConnection): Admit {
  return (request, response, isProbe) => {
    const { socket } = request;
    const admission = connections.begin(socket, response, isProbe);
    if (admission === 'served') return true;
    const connection = connections.of(socket);
    if (admission === 'ignored' || connection === undefined) return false;
    end(connection, admission, request, { 'retry-after': '1' });
    return false;
  };
}

/** What Node would refuse with a bare status line. Only HTTP/1.1 asks for either. */
export function headersError({ httpVersion, headers }: IncomingMessage): RequestError | undefined {
  if (httpVersion !== '1.1') return undefined;
  if (headers.host === undefined) return new RequestError('bad_request', 'The Host header is missing.');
  if (headers.expect === undefined || CONTINUE.test(headers.expect)) return undefined;
  // The client may or may not send its body now: what follows could not be told from it.
  return new RequestError('expectation_failed', undefined, { connection: 'close' });
}
