import Fastify, { type FastifyInstance } from 'fastify';
import { canonicalUrl } from './canonical-url.js';
import { registerDocs } from './docs-routes.js';
import { badUrlReply, clientErrorReply, registerErrorReplies } from './error-replies.js';
import type { HttpContext } from './http-context.js';
import { OpenConnections } from './open-connections.js';
import { predictRoute } from './predict-route.js';
import { registerProbes } from './probe-routes.js';
import { requestId } from './request-id.js';
import { serverTiming } from './server-timing.js';
import { registerTelemetryRoutes } from './telemetry-routes.js';

/** How often Node looks for connections whose headers are late. */
const HEADERS_CHECK_MS = 500;

/**
 * The HTTP side, not yet listening.
 *
 * ```
 * headers -> onRequest (clock, id) -> route -> intake -> engine -> answer -> onSend (timing) -> onResponse (metrics)
 *                                      `-> RequestError -> problem+json ----^
 * ```
 */
export async function createHttpServer(context: HttpContext): Promise<FastifyInstance> {
  const { options } = context;
  const app = Fastify({
    logger: false,
    genReqId: requestId,
    requestIdHeader: false,
    rewriteUrl: ({ url = '/' }) => canonicalUrl(url),
    // While closing, what still arrives on open connections is answered, not turned away: see server.ts.
    return503OnClosing: false,
    // Bodies have a time-out of their own (read-body.ts), which can answer; this is for those nobody reads.
    requestTimeout: options.headersTimeoutMs + options.bodyTimeoutMs + 1000,
    http: { headersTimeout: options.headersTimeoutMs, connectionsCheckingInterval: HEADERS_CHECK_MS },
    frameworkErrors: badUrlReply(context),
    clientErrorHandler: clientErrorReply(context),
  });
  // Routes read their bodies themselves: Fastify's own parsers would read before the type is checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  registerHooks(app, context);
  registerErrorReplies(app, context);
  app.post('/predict', predictRoute(context));
  registerProbes(app, context);
  registerTelemetryRoutes(app, context);
  await registerDocs(app, options);
  return app;
}

function registerHooks(app: FastifyInstance, { options, state, metrics, logger, nowUs }: HttpContext): void {
  app.decorateRequest('startedUs', 0);
  app.decorateReply('timings');
  const connections = new OpenConnections(app.server);
  app.addHook('preClose', (done) => {
    connections.endIdle();
    done();
  });
  app.addHook('onRequest', (request, _reply, done) => {
    request.startedUs = nowUs();
    connections.requestBegun(request.raw.socket);
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    reply
      .header('x-request-id', request.id)
      .header('server-timing', serverTiming(nowUs() - request.startedUs, reply.timings ?? []));
    const { phase } = state;
    if (phase.kind !== 'starting' && phase.model.synthetic)
      reply.header('x-servelab-synthetic-weights', 'true');
    // A kept connection would hold the shutdown up, and its client should find another replica anyway.
    if (phase.kind === 'draining') reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    connections.requestEnded(request.raw.socket);
    const totalUs = nowUs() - request.startedUs;
    if (request.routeOptions.url === '/predict') metrics.requestAnswered(reply.statusCode, totalUs);
    if (options.accessLog) {
      const { id, method, url } = request;
      logger.info({ request_id: id, method, url, status: reply.statusCode, total_us: totalUs }, 'request');
    }
    done();
  });
}
