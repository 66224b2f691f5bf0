import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EndConnection } from './connections/last-words.js';
import type { OpenConnections } from './connections/open-connections.js';
import { corsHeaders, type OriginRule } from './cors.js';
import { sendProblem } from './error-replies.js';
import type { HttpContext } from './http-context.js';
import { RequestError } from './request-error.js';
import { serverTiming } from './server-timing.js';

/** Answered even to a connection above the limit. */
const PROBES: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz', '/health', '/metrics']);
/** The expectation that Node meets by itself. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

interface Doors {
  readonly connections: OpenConnections;
  readonly end: EndConnection;
  readonly allowOrigin: OriginRule;
}

/** What happens to every request, whatever its route. */
export function registerRequestHooks(
  app: FastifyInstance,
  context: HttpContext,
  { connections, end, allowOrigin }: Doors,
) {
  const { options, state, metrics, logger, nowUs } = context;

  /** @returns false where it is not served: its connection ends then */
  const admit = (request: FastifyRequest, reply: FastifyReply): boolean => {
    const { socket } = request.raw;
    const isProbe = PROBES.has(request.routeOptions.url);
    const admission = connections.begin(socket, reply.raw, isProbe);
    if (admission === 'served') return true;
    const connection = connections.of(socket);
    if (admission === 'ignored' || connection === undefined) return false;
    end(connection, admission, request.raw, { 'retry-after': '1' });
    return false;
  };

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
  app.decorateReply('timings');
  app.addHook('preClose', (done) => {
    connections.endIdle();
    done();
  });
  app.addHook('onClose', (_app, done) => {
    connections.close();
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    request.startedUs = nowUs();
    // One that is not served goes no further: there is nothing that a route could say to it.
    if (admit(request, reply)) done(headersError(request.raw));
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    reply
      .header('x-request-id', request.id)
      .header('server-timing', serverTiming(nowUs() - request.startedUs, reply.timings ?? []))
      .header('x-content-type-options', 'nosniff');
    const { phase } = state;
    if (phase.kind !== 'starting' && phase.model.synthetic)
      reply.header('x-servelab-synthetic-weights', 'true');
    whenFirst(reply.raw, () => {
      if (state.phase.kind === 'draining') closeAfterLast(request, reply);
      done(null, payload);
    });
  });
  app.addHook('onResponse', (request, reply, done) => {
    connections.end(request.raw.socket, reply.raw);
    const totalUs = nowUs() - request.startedUs;
    if (request.routeOptions.url === '/predict') metrics.requestAnswered(reply.statusCode, totalUs);
    if (options.accessLog) {
      const { id, method, url } = request;
      logger.info({ request_id: id, method, url, status: reply.statusCode, total_us: totalUs }, 'request');
    }
    done();
  });

  return {
    /** A URL that cannot be decoded never reaches a route nor its hooks. */
    answerBadUrl(request: FastifyRequest, reply: FastifyReply): void {
      if (!admit(request, reply)) return;
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

/** What Node would refuse with a bare status line. Only HTTP/1.1 asks for either. */
function headersError({ httpVersion, headers }: IncomingMessage): RequestError | undefined {
  if (httpVersion !== '1.1') return undefined;
  if (headers.host === undefined) return new RequestError('bad_request', 'The Host header is missing.');
  if (headers.expect === undefined || CONTINUE.test(headers.expect)) return undefined;
  // The client may or may not send its body now: what follows could not be told from it.
  return new RequestError('expectation_failed', undefined, { connection: 'close' });
}

/** Calls back when the answers to the requests before this one are out. */
function whenFirst(answer: ServerResponse, go: () => void): void {
  if (answer.socket !== null) go();
  // Node then goes on to flush what it takes for written.
  else answer.once('socket', () => process.nextTick(go));
}
