import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpContext } from './http-context.js';
import { isLoopback, isOwnName } from './loopback.js';
import { RequestError } from './request-error.js';

/** `/metrics`, and `/debug/*`, which tells request ids and so is off where strangers can reach it. */
export function registerTelemetryRoutes(
  app: FastifyInstance,
  { options, metrics, journal, state }: HttpContext,
): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.render()),
  );
  const local = isLoopback(options.host);
  if (!options.debugEndpoints && !local) return;
  const onRequest = async ({ headers }: FastifyRequest) => {
    if (local && !isOwnName(headers.host, options.host)) throw new RequestError('misdirected_request');
  };
  app.get('/debug/batches', { onRequest }, (_request, reply) => reply.send(journal.snapshot()));
  app.get('/debug/policy', { onRequest }, (_request, reply) => {
    if (state.phase.kind === 'starting') throw new RequestError('not_ready');
    return reply.send(state.phase.engine.policyState());
  });
}
