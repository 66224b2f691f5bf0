import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { BatchPlan } from '../schedule/policies/optimal/batch-plan.js';
import type { PlanQuestion } from '../schedule/policies/optimal/choose-plan.js';

/** Through the package's own export, so that it is found from the sources (tests) and from dist alike. */
const ENTRY = createRequire(import.meta.url).resolve('@servelab/serve/plan-solver');

/** A question of the usual size whose answer nobody needs. */
const WARM_UP: PlanQuestion = {
  costsUs: [5000, 9000, 13_000, 17_000, 22_000, 27_000, 32_000, 37_000],
  meanGapUs: 8000,
  gapsUs: Float64Array.from({ length: 4096 }, (_, n) => 1000 + ((n * 7919) % 14_000)),
  workers: 1,
  maxWaitUs: 50_000,
};

/** Works plans out on a thread of its own, made when the first one is wanted: requests never wait for it. */
export class PlanSolver {
  #thread: Worker | undefined;
  #settled: ((plan: BatchPlan | undefined) => void) | undefined;
  #answered: Promise<BatchPlan | undefined> = Promise.resolve(undefined);
  #warm: Promise<unknown> | undefined;

  get isBusy(): boolean {
    return this.#settled !== undefined;
  }

  /** @param onSolved not called where the thread fails: the plan in force then stays */
  solve(question: PlanQuestion, onSolved: (plan: BatchPlan) => void): void {
    void this.#ask(question).then((plan) => {
      if (plan !== undefined) onSolved(plan);
    });
  }

  /** Until the question that is being worked on, if any, has its answer. */
  async idle(): Promise<void> {
    await this.#answered;
  }

  /** Starts the thread and compiles its code, once, before there are requests to take the core from. */
  async warmUp(): Promise<void> {
    this.#warm ??= this.#ask(WARM_UP);
    await this.#warm;
  }

  async close(): Promise<void> {
    this.#settle(undefined);
    await this.#thread?.terminate();
  }

  #ask(question: PlanQuestion): Promise<BatchPlan | undefined> {
    this.#answered = new Promise((settle) => {
      this.#settled = settle;
    });
    try {
      this.#thread ??= this.#start();
      this.#thread.postMessage(question);
    } catch {
      // The system refuses another thread.
      this.#fail();
    }
    return this.#answered;
  }

  #start(): Worker {
    const thread = new Worker(ENTRY, { execArgv: [], env: {} });
    // It never keeps the process alive.
    thread.unref();
    thread.on('message', (plan: BatchPlan) => this.#settle(plan));
    thread.on('error', () => this.#fail());
    thread.on('exit', () => this.#fail());
    return thread;
  }

  #fail(): void {
    this.#thread = undefined;
    this.#settle(undefined);
  }

  #settle(plan: BatchPlan | undefined): void {
    const settled = this.#settled;
    this.#settled = undefined;
    settled?.(plan);
  }
}
