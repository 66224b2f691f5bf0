import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { BackgroundTask } from '../schedule/policy.js';
import { restartDelayMs } from './restart-delay.js';

/** Through the package's own export, so that it is found from the sources (tests) and from dist alike. */
const ENTRY = createRequire(import.meta.url).resolve('@servelab/serve/background-thread');

/** Far more than a task should need; one that never returns must not keep its thread for ever. */
const TIMEOUT_MS = 30_000;

type Outcome =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly failure: Error }
  | { readonly kind: 'closed' };

interface OutcomeListener {
  done(result: unknown): void;
  /** There is no result: the policy goes on without. */
  failed(failure: Error): void;
}

/**
 * Runs a policy's background task on a thread of its own, which is started with the first input: requests never wait for
 * it. After a failure the thread is replaced, and from the second failure in a row on the next input has to wait.
 */
export class BackgroundRunner {
  readonly #task: BackgroundTask | undefined;
  readonly #timeoutMs: number;
  #thread: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;
  #outcome: Promise<unknown> = Promise.resolve();
  #warm: Promise<unknown> | undefined;
  #failures = 0;
  #restsUntilMs = 0;

  /** @param task none for a policy without background work: then the runner is never free */
  constructor(task: BackgroundTask | undefined, timeoutMs = TIMEOUT_MS) {
    this.#task = task;
    this.#timeoutMs = timeoutMs;
  }

  /** Whether an input would be run now. */
  get isFree(): boolean {
    if (this.#task === undefined || this.#settle !== undefined) return false;
    return this.#failures === 0 || performance.now() >= this.#restsUntilMs;
  }

  /** Only while the runner is free. After `close` the listener is not called. */
  run(input: unknown, listener: OutcomeListener): void {
    void this.#post(input).then((outcome) => {
      if (outcome.kind === 'done') listener.done(outcome.result);
      if (outcome.kind === 'failed') listener.failed(outcome.failure);
    });
  }

  /** Until the input that runs, if any, has its outcome. */
  async idle(): Promise<void> {
    await this.#outcome;
  }

  /** Starts the thread and compiles its code, once, before there are requests to take the core from. */
  async warmUp(): Promise<void> {
    const input = this.#task?.warmUpInput;
    if (input === undefined) return;
    this.#warm ??= this.#post(input);
    await this.#warm;
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#end({ kind: 'closed' });
    await thread?.terminate();
  }

  #post(input: unknown): Promise<Outcome> {
    const outcome = new Promise<Outcome>((settle) => {
      this.#settle = settle;
    });
    this.#outcome = outcome;
    try {
      this.#thread ??= this.#start();
      this.#thread.postMessage(input);
      const overdue = () => this.#fail(new Error(`it had no result within ${this.#timeoutMs} ms`));
      this.#timer = setTimeout(overdue, this.#timeoutMs).unref();
    } catch (error) {
      // The system refuses another thread, or the input cannot be copied to it.
      this.#fail(error);
    }
    return outcome;
  }

  #start(): Worker {
    const thread = new Worker(ENTRY, { execArgv: [], env: {}, workerData: this.#task?.module });
    // It never keeps the process alive.
    thread.unref();
    const lost = (cause: unknown) => {
      // One that was replaced ends later than its successor starts.
      if (thread === this.#thread) this.#fail(cause);
    };
    thread.on('message', (result: unknown) => {
      if (thread !== this.#thread) return;
      this.#failures = 0;
      this.#end({ kind: 'done', result });
    });
    thread.on('error', lost);
    thread.on('exit', (code) => lost(new Error(`its thread ended with code ${code}`)));
    return thread;
  }

  #fail(cause: unknown): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
    this.#failures++;
    this.#restsUntilMs = performance.now() + restartDelayMs(this.#failures);
    this.#end({ kind: 'failed', failure: cause instanceof Error ? cause : new Error(String(cause)) });
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#timer);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }
}
