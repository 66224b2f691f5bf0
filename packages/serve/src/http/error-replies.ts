import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ERRORS, type ErrorCode } from '@servelab/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { HttpContext } from './http-context.js';
import { PROBLEM_TYPE, problemDetails } from './problem.js';
import { RequestError } from './request-error.js';
import { requestId } from './request-id.js';

/** What Fastify itself may complain of, in the words of the table. Anything else is a fault of ours. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_BAD_URL: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
};

/** What Node's HTTP parser may complain of before there is a request. */
const PARSER_CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'headers_timeout',
};

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function registerErrorReplies(app: FastifyInstance, context: HttpContext): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(context, toRequestError(error, context, request), request, reply),
  );
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const allowed = METHODS.filter((method) => app.hasRoute({ method, url: path }));
    const error =
      allowed.length === 0
        ? new RequestError('not_found')
        : new RequestError('method_not_allowed', undefined, { allow: allowed.join(', ') });
    return sendProblem(context, error, request, reply);
  });
}

function toRequestError(error: FastifyError, { logger }: HttpContext, request: FastifyRequest): RequestError {
  if (error instanceof RequestError) return error;
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return new RequestError(code);
  logger.error({ request_id: request.id, err: error }, 'the server failed on a request');
  return new RequestError('internal_error');
}

function sendProblem(
  { metrics, logger }: HttpContext,
  { code, detail, headers }: RequestError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status } = ERRORS[code];
  metrics.rejected(code);
  const level = code === 'client_closed_request' ? 'info' : status >= 500 ? 'warn' : 'debug';
  logger[level]({ request_id: request.id, code, status, detail }, 'a request was not answered');
  // As bytes: to a text Fastify would add a charset, which the media type does not have.
  const body = Buffer.from(JSON.stringify(problemDetails(code, detail, request.id)));
  return reply.code(status).headers(headers).type(PROBLEM_TYPE).send(body);
}

/** A URL that cannot be decoded never reaches a route nor its hooks. */
export function badUrlReply(context: HttpContext) {
  return (_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    reply.header('x-request-id', request.id).header('server-timing', 'total;dur=0');
    void sendProblem(context, new RequestError('bad_request', 'The URL cannot be decoded.'), request, reply);
  };
}

/**
 * Bytes that are no HTTP, headers that are too large or too slow: there is no request yet, so the answer is
 * written by hand and the connection ends.
 */
export function clientErrorReply({ metrics, logger }: HttpContext) {
  return (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse | null }): void => {
    // A reset, or an answer that is already under way: nothing that could be said would be understood.
    if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent === true) {
      socket.destroy();
      return;
    }
    const code = PARSER_CODES[error.code ?? ''] ?? 'bad_request';
    const id = requestId({ headers: {} });
    const { status, title, fix } = ERRORS[code];
    metrics.rejected(code);
    logger.debug({ request_id: id, code, status, cause: error.code }, 'a request was not answered');
    const body = JSON.stringify(problemDetails(code, fix, id));
    socket.end(
      [
        `HTTP/1.1 ${status} ${title}`,
        `content-type: ${PROBLEM_TYPE}`,
        `content-length: ${Buffer.byteLength(body)}`,
        `x-request-id: ${id}`,
        'server-timing: total;dur=0',
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  };
}
