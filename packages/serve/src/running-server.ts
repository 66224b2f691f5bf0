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
   * Ends the server without losing an answer: `/readyz` says 503 at once, serving goes on for the drain
   * delay, then nobody new is let in, and what is under way finishes within the drain time-out.
   */
  drain(): Promise<void>;
}
