import type { IncomingMessage } from 'node:http';
import { ERRORS, type ErrorCode } from '@servelab/core';
import { corsHeaders, type OriginRule } from '../cors.js';
import type { HttpContext } from '../http-context.js';
import { PROBLEM_TYPE, problemDetails } from '../problem.js';
import { requestId } from '../request-id.js';
import type { Connection } from './connection.js';

/** A request as far as it is known. */
type KnownRequest = Pick<IncomingMessage, 'headers'>;

/** Ends a connection with an error of the table. */
export type EndConnection = (
  connection: Connection,
  code: ErrorCode,
  request?: KnownRequest,
  headers?: Readonly<Record<string, string>>,
) => void;

/**
 * Where there is no request yet, or none that a route could answer, the answer is written by hand, and the
 * connection ends with it.
 */
export function endWithProblem({ metrics, logger }: HttpContext, allowOrigin: OriginRule): EndConnection {
  return (connection, code, request = { headers: {} }, headers = {}) => {
    if (connection.isEnding) return;
    const id = requestId(request);
    const { status, title, fix } = ERRORS[code];
    metrics.requestFailed(code);
    logger.debug({ request_id: id, code, status }, 'a request was not answered');
    const body = JSON.stringify(problemDetails(code, fix, id));
    const lines = {
      'content-type': PROBLEM_TYPE,
      'content-length': Buffer.byteLength(body),
      'x-request-id': id,
      'server-timing': 'total;dur=0',
      'x-content-type-options': 'nosniff',
      ...corsHeaders(allowOrigin, request.headers.origin),
      ...headers,
      connection: 'close',
    };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    connection.endWith(`HTTP/1.1 ${status} ${title}\r\n${head.join('')}\r\n${body}`);
  };
}
