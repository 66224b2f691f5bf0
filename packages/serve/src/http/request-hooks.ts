import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { logAccess } from './access-log.js';
import { type Admit, headersError } from './admission.js';
import { answerHeaders, whenFirst } from './answer-headers.js';
import type { OpenConnections } from './connections/open-connections.js';
import { corsHeaders, type OriginRule } from './cors.js';
import { sendProblem } from './error-replies.js';
import type { HttpContext } from './http-context.js';
import { type AnswerPrediction, PREDICT_PATH } from './predict-handler.js';
import { RequestError } from './request-error.js';

/** Answered even to a connection above the limit. */
const PROBES: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz', '/health', '/metrics']);
const isForPredictions = ({ routeOptions }: FastifyRequest): boolean => routeOptions.url === PREDICT_PATH;
const isProbe = ({ routeOptions }: FastifyRequest): boolean => PROBES.has(routeOptions.url);

interface Doors {
  readonly connections: OpenConnections;
  readonly admit: Admit;
  readonly answerPrediction: AnswerPrediction;
  readonly allowOrigin: OriginRule;
}

/** What happens to every request of a route, but for those for predictions: these have `Exchange` in place of it. */
export function registerRequestHooks(
  app: FastifyInstance,
  context: HttpContext,
  { connections, admit, answerPrediction, allowOrigin }: Doors,
) {
  const { state, nowUs } = context;

  /**
   * While draining: a kept connection would hold the shutdown up, and its client should find another replica
   * anyway. But the answer that says so ends the connection, and with it those that were to follow: so the last
   * one says it. Fastify, which would have each say it, is overruled.
   */
  const closeAfterLast = (request: FastifyRequest, reply: FastifyReply): void => {
    if (connections.of(request.raw.socket)?.isNewest(reply.raw)) reply.header('connection', 'close');
    else if (reply.raw.hasHeader('connection')) reply.raw.setHeader('connection', 'keep-alive');
  };

  app.decorateRequest('startedUs', 0);
  app.addHook('preClose', (done) => {
    connections.endIdle();
    done();
  });
  app.addHook('onClose', (_app, done) => {
    connections.close();
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (isForPredictions(request)) {
      reply.hijack();
      answerPrediction(request.raw, reply.raw);
      return;
    }
    request.startedUs = nowUs();
    // One that is not served goes no further: there is nothing that a route could say to it.
    if (admit(request.raw, reply.raw, isProbe(request))) done(headersError(request.raw));
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.headers(answerHeaders(context, request.id, request.startedUs, []));
    whenFirst(reply.raw, () => {
      if (state.phase.kind === 'draining') closeAfterLast(request, reply);
      done(null, payload);
    });
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (isForPredictions(request)) return done();
    connections.end(request.raw.socket, reply.raw);
    logAccess(context, request.id, request.raw, reply.raw, nowUs() - request.startedUs);
    done();
  });

  return {
    /** A URL that cannot be decoded never reaches a route nor its hooks. */
    answerBadUrl(request: FastifyRequest, reply: FastifyReply): void {
      if (!admit(request.raw, reply.raw, false)) return;
      reply.raw.once('finish', () => connections.end(request.raw.socket, reply.raw));
      reply.headers({
        ...corsHeaders(allowOrigin, request.headers.origin),
        'x-request-id': request.id,
        'server-timing': 'total;dur=0',
        'x-content-type-options': 'nosniff',
      });
      sendProblem(context, new RequestError('bad_request', 'The URL cannot be decoded.'), request, reply);
    },
  };
}
