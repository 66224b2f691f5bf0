import Fastify, { type FastifyInstance } from 'fastify';
import { usableCores } from '../config/usable-cores.js';
import { admission } from './admission.js';
import { canonicalUrl } from './canonical-url.js';
import { connectionLimit, openFilesLimit } from './connections/connection-limit.js';
import { endWithProblem } from './connections/last-words.js';
import { OpenConnections } from './connections/open-connections.js';
import { answerOutsideRoutes } from './connections/outside-routes.js';
import { originRule, registerCors } from './cors.js';
import { registerDocs } from './docs-routes.js';
import { registerErrorReplies } from './error-replies.js';
import type { HttpContext } from './http-context.js';
import { answerBeforeRouter, PREDICT_PATH, predictionHandler } from './predict-handler.js';
import { registerProbes } from './probe-routes.js';
import { RequestError } from './request-error.js';
import { registerRequestHooks } from './request-hooks.js';
import { requestId } from './request-id.js';
import { registerTelemetryRoutes } from './telemetry-routes.js';

/** How often Node looks for connections whose headers are late. */
const HEADERS_CHECK_MS = 500;

/**
 * The HTTP side, not yet listening.
 *
 * ```
 * headers -> POST /predict -> Exchange (clock, id) -> admission -> intake -> engine -> answer (timing) -> metrics
 *      |                                                `-> RequestError -> problem+json ^
 *      |-> all else -> onRequest (admission, clock, id) -> route -> onSend (timing) -> onResponse (log)
 *      `-> no request, or a connection too many -> connections/last-words.ts
 * ```
 *
 * @throws UserError (exit code 2) for a `--cors-origin` that is none
 */
export async function createHttpServer(context: HttpContext): Promise<FastifyInstance> {
  const { options } = context;
  const allowOrigin = originRule(options.corsOrigin);
  const app = Fastify({
    logger: false,
    genReqId: requestId,
    requestIdHeader: false,
    rewriteUrl: ({ url = '/' }) => canonicalUrl(url),
    // While closing, what still arrives on open connections is answered, not turned away: see server.ts.
    return503OnClosing: false,
    // Bodies have a time-out of their own (read-body.ts), which can answer; this is for those nobody reads.
    requestTimeout: options.headersTimeoutMs + options.bodyTimeoutMs + 1000,
    http: {
      headersTimeout: options.headersTimeoutMs,
      connectionsCheckingInterval: HEADERS_CHECK_MS,
      // Node's own answer to a request without Host would be a bare status line.
      requireHostHeader: false,
    },
    frameworkErrors: (_error, request, reply) => hooks.answerBadUrl(request, reply),
    clientErrorHandler: () => {},
  });
  const maxConnections = connectionLimit(
    options.maxConnections,
    options.workers ?? usableCores(),
    openFilesLimit(),
  );
  if (options.maxConnections !== null && maxConnections < options.maxConnections) {
    context.logger.warn(
      { max_connections: maxConnections },
      'the limit on open files allows fewer connections',
    );
  }
  const { maxPipelinedRequests, writeTimeoutMs } = options;
  const connections = new OpenConnections(app.server, {
    maxConnections,
    maxPipelinedRequests,
    writeTimeoutMs,
  });
  const end = endWithProblem(context, allowOrigin);
  answerOutsideRoutes(app.server, connections, end);
  const admit = admission(connections, end);
  const answerPrediction = predictionHandler({ context, connections, allowOrigin }, admit);
  answerBeforeRouter(app.server, answerPrediction);
  const hooks = registerRequestHooks(app, context, { connections, admit, answerPrediction, allowOrigin });

  // Routes read their bodies themselves: Fastify's own parsers would read before the type is checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  if (options.corsOrigin !== null) await registerCors(app, allowOrigin);
  registerErrorReplies(app, context);
  // The hooks take its requests over before its handler is asked.
  app.post(PREDICT_PATH, () => {
    throw new RequestError('internal_error');
  });
  registerProbes(app, context);
  registerTelemetryRoutes(app, context);
  await registerDocs(app, options);
  return app;
}
