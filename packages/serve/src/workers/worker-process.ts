import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import type { FromWorker, ToWorker } from './protocol.js';
import { workerEnvironment } from './worker-environment.js';

/** Through the package's own export, so that it is found from the sources (tests) and from dist alike. */
const ENTRY = createRequire(import.meta.url).resolve('@servelab/serve/worker');

export interface WorkerProcessEvents {
  message(message: FromWorker): void;
  /** The process has ended; comes once, and nothing after it. */
  ended(cause: string): void;
}

/** A child process that speaks the worker protocol. */
export class WorkerProcess {
  /** Undefined where the system refused to start one. */
  readonly #child: ChildProcess | undefined;
  readonly #ended: Promise<void>;

  constructor(events: WorkerProcessEvents) {
    const started = startProcess();
    this.#child = started instanceof Error ? undefined : started;
    this.#ended = new Promise((resolve) => {
      let isOver = false;
      const end = (cause: string) => {
        if (isOver) return;
        isOver = true;
        resolve();
        events.ended(cause);
      };
      const notStarted = (error: Error) => end(`could not be started: ${error.message}`);
      if (started instanceof Error) {
        // Later, as with a process that did start: the caller does not have this object yet.
        setImmediate(notStarted, started);
        return;
      }
      started.on('message', (message) => events.message(message as FromWorker));
      started.once('exit', (code, signal) => {
        end(signal === null ? `exited with code ${code}` : `was ended by ${signal}`);
      });
      // Only a process that never started has no exit.
      started.on('error', (error) => {
        if (started.pid === undefined) notStarted(error);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  send(message: ToWorker): void {
    // A process that has just died cannot be written to, and its `exit` tells the rest. One that never started,
    // for want of descriptors, has no channel and so, whatever its type says, no `send`.
    if (this.#child?.connected === true) this.#child.send(message, () => {});
  }

  /** Nothing in a worker is worth saving, and SIGKILL ends one that hangs in the model, too. */
  kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    return this.#ended;
  }
}

/** Some refusals of the system are thrown (no memory), others are told by the process object (no descriptors). */
function startProcess(): ChildProcess | Error {
  try {
    return fork(ENTRY, {
      serialization: 'advanced',
      // Standard output belongs to the command's own answer.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: workerEnvironment(process.env),
      execArgv: [],
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
