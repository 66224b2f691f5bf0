import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-context.js';
import { RequestError } from './request-error.js';

/** `/metrics`, and `/debug/*`, which tells request ids and so is off where strangers can reach it. */
export function registerTelemetryRoutes(
  app: FastifyInstance,
  { options, metrics, journal, state }: HttpContext,
): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.render()),
  );
  if (options.debugEndpoints || isLoopback(options.host)) {
    app.get('/debug/batches', (_request, reply) => reply.send(journal.snapshot()));
    app.get('/debug/policy', (_request, reply) => {
      if (state.phase.kind === 'starting') throw new RequestError('not_ready');
      return reply.send(state.phase.engine.policyState());
    });
  }
}

/** Names count as loopback only when they are `localhost`: what others resolve to may change. */
function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1';
}
