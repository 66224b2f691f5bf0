import type { HealthStatus, ModelHealth } from '@servelab/core';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../config/version.js';
import type { HttpContext } from './http-context.js';
import type { ServerState } from './server-state.js';

/** `/livez`: the process answers. `/readyz`: send me requests. `/health`: all about both, for people. */
export function registerProbes(app: FastifyInstance, { state }: HttpContext): void {
  app.get('/livez', (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', (_request, reply) => {
    const status = readiness(state);
    return reply.code(status === 'ok' ? 200 : 503).send({ status });
  });
  app.get('/health', (_request, reply) => {
    const status = readiness(state);
    return reply.code(status === 'ok' ? 200 : 503).send({ status, version: VERSION, ...description(state) });
  });
}

function readiness({ phase }: ServerState): HealthStatus {
  if (phase.kind !== 'ready') return phase.kind;
  return phase.engine.state().readyWorkers > 0 ? 'ok' : 'no_worker';
}

function description({ phase }: ServerState): ModelHealth | Record<string, never> {
  if (phase.kind === 'starting') return {};
  const { model, engine } = phase;
  const { queuedImages, readyWorkers, workers, transport, device } = engine.state();
  return {
    model: model.name,
    model_sha256: model.sha256,
    precision: model.precision,
    runtime: model.runtime,
    policy: engine.policyState().policy,
    synthetic: model.synthetic,
    ...(model.warning === null ? {} : { warning: model.warning }),
    transport,
    device,
    workers,
    ready_workers: readyWorkers,
    queued_images: queuedImages,
  };
}
