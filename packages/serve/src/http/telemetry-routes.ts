import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-context.js';

/** `/metrics`, and `/debug/*`, which tells request ids and so is off where strangers can reach it. */
export function registerTelemetryRoutes(
  app: FastifyInstance,
  { options, metrics, journal }: HttpContext,
): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.render()),
  );
  if (options.debugEndpoints || isLoopback(options.host)) {
    app.get('/debug/batches', (_request, reply) => reply.send(journal.snapshot()));
  }
}

/** Names count as loopback only when they are `localhost`: what others resolve to may change. */
function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1';
}
