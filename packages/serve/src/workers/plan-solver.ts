import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { BatchPlan } from '../schedule/optimal/batch-plan.js';
import type { PlanQuestion } from '../schedule/optimal/choose-plan.js';

/** Through the package's own export, so that it is found from the sources (tests) and from dist alike. */
const ENTRY = createRequire(import.meta.url).resolve('@servelab/serve/plan-solver');

/** Works plans out on a thread of its own, made when the first one is wanted: requests never wait for it. */
export class PlanSolver {
  #thread: Worker | undefined;
  #onSolved: ((plan: BatchPlan) => void) | undefined;

  get isBusy(): boolean {
    return this.#onSolved !== undefined;
  }

  /** @param onSolved not called where the thread fails: the plan in force then stays */
  solve(question: PlanQuestion, onSolved: (plan: BatchPlan) => void): void {
    this.#onSolved = onSolved;
    this.#thread ??= this.#start();
    this.#thread.postMessage(question);
  }

  async close(): Promise<void> {
    this.#onSolved = undefined;
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(ENTRY, { execArgv: [] });
    // It never keeps the process alive.
    thread.unref();
    thread.on('message', (plan: BatchPlan) => this.#settle(plan));
    thread.on('error', () => {
      this.#thread = undefined;
      this.#settle(undefined);
    });
    return thread;
  }

  #settle(plan: BatchPlan | undefined): void {
    const onSolved = this.#onSolved;
    this.#onSolved = undefined;
    if (plan !== undefined) onSolved?.(plan);
  }
}
