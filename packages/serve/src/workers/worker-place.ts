import type { FromWorker, ToWorker, WorkerFailure, WorkerSetup } from './protocol.js';
import { restartDelayMs } from './restart-delay.js';
import { WorkerProcess } from './worker-process.js';

/** Opening and warming up includes timing every batch size, on a machine that may be busy. */
const OPEN_TIMEOUT_MS = 120_000;

export interface PlaceOptions {
  readonly setup: Omit<WorkerSetup, 'measureCosts'>;
  readonly timeoutMs: number;
}

export interface PlaceEvents {
  ready(costsMs: readonly number[]): void;
  done(answer: Extract<FromWorker, { type: 'done' }>): void;
  /** The batch that ran, if one did, is lost. A successor follows. */
  lost(cause: string, failures: number): void;
  /** The runtime cannot be opened; the process is `lost` next. */
  openFailed(error: WorkerFailure): void;
}

/** A place for a worker: processes come and go on it. One that exits, throws or hangs is replaced. */
export class WorkerPlace {
  readonly #options: PlaceOptions;
  readonly #events: PlaceEvents;
  #process: WorkerProcess | undefined;
  #isReady = false;
  #isClosed = false;
  /** Lost in a row without a batch served in between. */
  #failures = 0;
  /** The end of patience with this process, or the start of the next one. */
  #timer: NodeJS.Timeout | undefined;
  /** Why we ended the process ourselves. */
  #verdict: string | undefined;

  constructor(options: PlaceOptions, events: PlaceEvents) {
    this.#options = options;
    this.#events = events;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(measureCosts: boolean): void {
    const process = new WorkerProcess({
      message: (message) => this.#receive(message),
      ended: (cause) => this.#replace(this.#verdict ?? cause),
    });
    this.#process = process;
    this.#verdict = undefined;
    this.#send({ type: 'open', setup: { ...this.#options.setup, measureCosts } }, OPEN_TIMEOUT_MS);
  }

  run(batch: number, files: readonly Uint8Array[]): void {
    this.#send({ type: 'run', batch, files }, this.#options.timeoutMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isReady = false;
    clearTimeout(this.#timer);
    await this.#process?.kill();
  }

  #send(message: ToWorker, timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(`did not answer within ${timeoutMs} ms`), timeoutMs);
    this.#process?.send(message);
  }

  #receive(message: FromWorker): void {
    // A process that was sentenced may still have had an answer on its way; its batch is lost already.
    if (this.#isClosed || this.#verdict !== undefined) return;
    clearTimeout(this.#timer);
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        this.#events.ready(message.costsMs);
        return;
      case 'done':
        this.#failures = 0;
        this.#events.done(message);
        return;
      case 'open-failed':
        this.#events.openFailed(message.error);
        this.#end(`could not open the model: ${message.error.message}`);
        return;
      case 'failed':
        this.#end(`failed in the model: ${message.error.message}`);
        return;
      default:
        message satisfies never;
    }
  }

  #end(verdict: string): void {
    this.#verdict = verdict;
    void this.#process?.kill();
  }

  /** The process has ended, so whatever it was given will not be answered. */
  #replace(cause: string): void {
    clearTimeout(this.#timer);
    this.#process = undefined;
    this.#isReady = false;
    if (this.#isClosed) return;
    this.#failures++;
    this.#timer = setTimeout(() => this.start(false), restartDelayMs(this.#failures));
    this.#events.lost(cause, this.#failures);
  }
}
