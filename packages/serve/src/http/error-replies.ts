import { ERRORS, type ErrorCode } from '@servelab/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** To be called before the routes are registered, of which it tells the methods. */
export function registerErrorReplies(app: FastifyInstance, context: HttpContext): void {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(context, toRequestError(error, context, request.id), request, reply),
  );
  // Not `hasRoute`: it takes a path for a route's pattern, and a client may write `*`, `:` or a regular expression.
  const methodsOf = new Map<string, string[]>();
  app.addHook('onRoute', ({ url, method }) => {
    methodsOf.set(url, [...(methodsOf.get(url) ?? []), method].flat());
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split(/[?#]/, 1);
    const served = methodsOf.get(path) ?? [];
    const allowed = METHODS.filter((method) => served.includes(method));
    const error =
      allowed.length === 0
        ? new RequestError('not_found')
        : new RequestError('method_not_allowed', undefined, { allow: allowed.join(', ') });
    return sendProblem(context, error, request, reply);
  });
}

/** What went wrong, as it is told. What is no error of the table is a fault of ours, and is logged. */
export function toRequestError(error: unknown, { logger }: HttpContext, requestId: string): RequestError {
  if (error instanceof RequestError) return error;
  const code = FASTIFY_CODES[String((error as Partial<FastifyError> | null)?.code)];
  if (code !== undefined) return new RequestError(code);
  logger.error({ request_id: requestId, err: error }, 'the server failed on a request');
  return new RequestError('internal_error');
}

export function sendProblem(
  context: HttpContext,
  error: RequestError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, headers, body } = problemAnswer(context, error, request.id);
  // As bytes: to a text Fastify would add a charset, which the media type does not have.
  return reply.code(status).headers(headers).send(body);
}

/** An error as it goes out. It is counted and logged. */
export function problemAnswer(
  { metrics, logger }: HttpContext,
  { code, detail, headers }: RequestError,
  requestId: string,
) {
  const { status } = ERRORS[code];
  metrics.requestFailed(code);
  const level = code === 'client_closed_request' ? 'info' : status >= 500 ? 'warn' : 'debug';
  logger[level]({ request_id: requestId, code, status, detail }, 'a request was not answered');
  const body = Buffer.from(JSON.stringify(problemDetails(code, detail, requestId)));
  return { status, headers: { ...headers, 'content-type': PROBLEM_TYPE }, body };
}
