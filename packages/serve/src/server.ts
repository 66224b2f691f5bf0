import { monotonicNowUs } from '@servelab/core';
import { abortable } from '@servelab/node';
import type { ServeOptions } from './config/serve-options.js';
import { createHttpServer } from './http/http-server.js';
import { listen } from './http/listen.js';
import { ServerState } from './http/server-state.js';
import type { RunningServer, ServerSurroundings } from './running-server.js';
import type { Policy } from './schedule/policy.js';
import { prepareModel } from './served-model.js';
import type { BodyArena } from './shared-memory/body-arena.js';
import { Shutdown } from './shutdown.js';
import { BatchJournalRing } from './telemetry/batch-journal-ring.js';
import { deviceLog } from './telemetry/device-log.js';
import { createLogger } from './telemetry/logger.js';
import { ServerMetrics } from './telemetry/server-metrics.js';
import { createEngine } from './workers/engine.js';
import type { EngineState, InferenceEngine } from './workers/inference-engine.js';
import type { StartedAhead } from './workers/started-ahead.js';

const NOT_STARTED: EngineState = {
  ...{ queuedImages: 0, readyWorkers: 0, workers: 0 },
  ...{ transport: 'ipc', device: null },
};

/** What is there before the server is put together. */
export interface ServerParts {
  readonly policy: Policy;
  /** Processes. */
  readonly workers: number;
  /** Of each worker. */
  readonly decodeThreads: number;
  /** The caller closes it where the server does not come to run. */
  readonly arena: BodyArena | null;
  readonly started: StartedAhead;
}

/**
 * The composition root: binds the port (so that probes get an answer), makes the model ready, warms the
 * workers up, and only then says that it can serve.
 *
 * @throws UserError (exit code 2) for a `--cors-origin` that is none, (exit code 3) where the port or the model cannot
 *   be had
 */
export async function runServer(
  options: ServeOptions,
  { policy, workers, decodeThreads, arena, started }: ServerParts,
  { environment, signal, onProgress }: ServerSurroundings,
): Promise<RunningServer> {
  const logger = createLogger(options.logLevel);
  const state = new ServerState();
  const journal = new BatchJournalRing();
  const metrics = new ServerMetrics(() => engineState(state));
  const app = await createHttpServer({
    ...{ options, state, journal, metrics, arena, logger },
    nowUs: monotonicNowUs,
  });
  let engine: InferenceEngine | undefined;
  try {
    const url = await listen(app, options.host, options.port, (error) =>
      logger.warn({ err: error }, 'a connection could not be accepted'),
    );
    const { model, runtime } = await prepareModel(options, environment, signal, onProgress);
    const measured = createEngine(
      {
        ...options,
        runtime,
        devices: options.device,
        workers,
        decodeThreads,
        policy,
        arena,
        observer: {
          batchDone: (record) => {
            journal.add(record);
            metrics.batchDone(record);
          },
          deviceOpened: deviceLog(logger),
          workerLost: (worker, cause, kind) => {
            metrics.workerLost(kind);
            logger.warn({ worker, cause }, 'a worker was lost and is replaced');
          },
          policyFailed: (failure) => {
            metrics.policyFailed();
            logger.error(
              { policy: policy.name, err: failure },
              'the policy failed: greedy decides from now on',
            );
          },
          backgroundTaskFailed: (failure) =>
            logger.warn({ policy: policy.name, err: failure }, 'a background task of the policy failed'),
        },
      },
      started,
    );
    engine = measured;
    await abortable(signal, () => measured.start());
    state.ready(model, measured);
    const { device } = measured.state();
    logger.info({ url, model: model.name, policy: options.policy, workers, decodeThreads, device }, 'ready');
    const shutdown = new Shutdown({ app, engine: measured, state, arena, logger }, options);
    return {
      url,
      model,
      workers,
      device,
      batchCostsMs: measured.batchCostsMs(),
      drain: () => shutdown.drain(),
      close: () => shutdown.close(),
      [Symbol.asyncDispose]: () => shutdown.close(),
    };
  } catch (error) {
    await engine?.close(0);
    app.server.closeAllConnections();
    await app.close();
    throw error;
  }
}

function engineState({ phase }: ServerState): EngineState {
  return phase.kind === 'starting' ? NOT_STARTED : phase.engine.state();
}
