import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import {
  type DecodeTask,
  type DecodeTaskDone,
  type DecodeThreadSetup,
  LOADED,
  NO_MORE_TASKS,
} from './decode-thread-protocol.js';
import { ThreadActivity } from './thread-activity.js';

/** Through the package's own export, so that it is found from the sources (tests) and from dist alike. */
const ENTRY = createRequire(import.meta.url).resolve('@servelab/serve/decode-thread');

export interface DecodeThreadEvents {
  done(done: DecodeTaskDone): void;
  /** The thread is gone, and its tasks with it. */
  failed(error: Error): void;
}

/** A thread that decodes what it is given, one file after the other. */
export class DecodeThread {
  readonly activity: ThreadActivity;
  /** Stays open where it fails. */
  readonly loaded: Promise<void>;
  readonly #thread: Worker;
  #given = 0;

  /** @throws where the system refuses another thread */
  constructor(setup: Omit<DecodeThreadSetup, 'activity'>, events: DecodeThreadEvents) {
    const activity = ThreadActivity.create();
    this.activity = new ThreadActivity(activity);
    this.#thread = new Worker(ENTRY, { execArgv: [], workerData: { ...setup, activity } });
    // It never keeps the process alive.
    this.#thread.unref();
    this.loaded = new Promise((resolve) => {
      this.#thread.on('message', (message: DecodeTaskDone | typeof LOADED) => {
        if (message === LOADED) return resolve();
        this.#given--;
        events.done(message);
      });
    });
    this.#thread.on('error', (error) => events.failed(error));
    this.#thread.on('exit', (code) => events.failed(new Error(`a decoding thread ended with code ${code}`)));
  }

  /** Tasks that it was given and has not finished. */
  get given(): number {
    return this.#given;
  }

  /** @param task whose bytes are the thread's from now on */
  give(task: DecodeTask): void {
    this.#given++;
    this.#thread.postMessage(task, [task.bytes.buffer as ArrayBuffer]);
  }

  /** It ends by itself after the task that it has: native libraries do not survive to be interrupted while they load. */
  close(): void {
    this.#thread.removeAllListeners();
    this.#thread.postMessage(NO_MORE_TASKS);
  }
}
