import type { ServedModel } from './http/server-state.js';
import type { ModelProgress } from './model/opened-model.js';

export interface ServerSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted while the server starts, it ends the start. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ModelProgress) => void;
}

export interface RunningServer {
  readonly url: string;
  readonly model: ServedModel;
  /** Processes; 0 where the model runs in this one. */
  readonly workers: number;
  /** What runs the model; null for a simulated one. */
  readonly device: string | null;
  /** Inference of a batch of n at index n - 1, milliseconds, measured at warm-up. */
  readonly batchCostsMs: readonly number[];
  /**
   * Ends the server behind a load balancer: `/readyz` answers 503 at once, serving goes on for `drainDelayMs`, then the
   * server closes as `close` does. Like `close`, it may be called more than once.
   */
  drain(): Promise<void>;
  /**
   * Ends the server: no new connections, the requests in progress are answered within `drainTimeoutMs`, then the workers
   * end. Does not wait for `drainDelayMs`, not even for the rest of a drain that has begun.
   */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
