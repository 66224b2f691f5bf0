import type { BackgroundRunner } from './background-runner.js';
import type { WorkerProcess } from './worker-process.js';

/** What an engine starts itself otherwise, running already. It is the engine's from then on. */
export interface StartedAhead {
  readonly processes: readonly WorkerProcess[];
  readonly background: BackgroundRunner;
}
