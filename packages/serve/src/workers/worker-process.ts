import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import type { FromWorker, ToWorker } from './protocol.js';

/** Through the package's own export, so that it is found from the sources (tests) and from dist alike. */
const ENTRY = createRequire(import.meta.url).resolve('@servelab/serve/worker');

/**
 * One thread a worker, whatever library is asked: more workers serve a small model better than more threads,
 * and a worker's memory stays that of one image and one batch.
 */
const ENVIRONMENT = {
  OMP_NUM_THREADS: '1',
  VIPS_CONCURRENCY: '1',
  UV_THREADPOOL_SIZE: '1',
  MALLOC_ARENA_MAX: '2',
  // glibc raises these by itself after the first large free, and then keeps what loading the model needed.
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

export interface WorkerProcessEvents {
  message(message: FromWorker): void;
  /** The process has ended; comes once, and nothing after it. */
  ended(cause: string): void;
}

/** A child process that speaks the worker protocol. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(events: WorkerProcessEvents) {
    this.#child = fork(ENTRY, {
      serialization: 'advanced',
      // Standard output belongs to the command's own answer.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...ENVIRONMENT },
      execArgv: [],
    });
    this.#child.on('message', (message) => events.message(message as FromWorker));
    this.#ended = new Promise((resolve) => {
      const end = (cause: string) => {
        resolve();
        events.ended(cause);
      };
      this.#child.once('exit', (code, signal) => {
        end(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
      });
      // Only a process that never started has no exit.
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) end(`could not be started: ${error.message}`);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToWorker): void {
    // A process that has just died cannot be written to; its `exit` tells the rest.
    this.#child.send(message, () => {});
  }

  /** Nothing in a worker is worth saving, and SIGKILL ends one that hangs in the model, too. */
  kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }
}
