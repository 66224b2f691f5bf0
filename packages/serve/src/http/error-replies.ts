import { ERRORS, type ErrorCode } from '@servelab/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { HttpContext } from './http-context.js';
import { PROBLEM_TYPE, problemDetails } from './problem.js';
import { RequestError } from './request-error.js';

/** What Fastify itself may complain of, in the words of the table. Anything else is a fault of ours. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_BAD_URL: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
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

export function sendProblem(
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
