import type { LoadPlan, LoadResult } from '@servelab/lab';
import type { Terminal } from '../command.js';
import type { KeptFiles } from './kept-files.js';
import type { LoadOptions } from './load-options.js';

/** What is known when the load may start: a plan to vary, and how to run one. */
export interface LoadJob {
  readonly plan: LoadPlan;
  readonly options: LoadOptions;
  readonly kept: KeptFiles;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  run(plan: LoadPlan): Promise<LoadResult>;
}
