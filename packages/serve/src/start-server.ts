import { decodeThreadsFor } from './config/decode-threads.js';
import type { ServeOptions } from './config/serve-options.js';
import { usableCores } from './config/usable-cores.js';
import type { RunningServer, ServerSurroundings } from './running-server.js';
import { preparePolicy } from './served-policy.js';
import { BodyArena } from './shared-memory/body-arena.js';
import { BackgroundRunner } from './workers/background-runner.js';
import { WorkerProcess } from './workers/worker-process.js';

/**
 * Starts what takes long by itself (the worker processes, the thread for the policy's background task), and while that
 * loads what it needs, loads the HTTP server and puts all of it together.
 *
 * @throws UserError (exit code 2) for a policy or an origin that is none, (exit code 3) where the port or the model
 *   cannot be had
 */
export async function startServer(
  options: ServeOptions,
  surroundings: ServerSurroundings,
): Promise<RunningServer> {
  const cores = usableCores();
  const workers = options.workers ?? cores;
  const decodeThreads = options.decodeThreads ?? decodeThreadsFor(cores, workers);
  const policy = await preparePolicy({ ...options, workers: Math.max(1, workers) });
  const shares = workers > 0 && options.transport === 'auto';
  const arena = shares ? BodyArena.create(options.maxBufferedBytes) : null;
  const processes = Array.from({ length: workers }, () => new WorkerProcess(arena, options.device));
  const background = new BackgroundRunner(policy.backgroundTask);
  void background.warmUp();
  try {
    // Loaded only now: it takes as long as the workers take to load their libraries.
    const { runServer } = await import('./server.js');
    return await runServer(
      options,
      { policy, workers, decodeThreads, arena, started: { processes, background } },
      surroundings,
    );
  } catch (error) {
    await Promise.all([background.close(), ...processes.map((process) => process.kill())]);
    arena?.close();
    throw error;
  }
}
