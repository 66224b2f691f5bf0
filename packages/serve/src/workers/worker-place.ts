import { usToMs } from '@servelab/core';
import type { BodyArena } from '../shared-memory/body-arena.js';
import type { Place, PlaceEvents, ProcessLoss } from './place.js';
import type { BatchOrder, FromWorker, RunnerSetup } from './protocol.js';
import { restartDelayMs } from './restart-delay.js';
import { WorkerProcess } from './worker-process.js';

/** Opening and warming up includes timing every batch size, on a machine that may be busy. */
const OPEN_TIMEOUT_MS = 120_000;

export interface PlaceOptions {
  readonly setup: RunnerSetup;
  /** Of bodies, where the workers can read them; null where all files are sent to them. */
  readonly arena: BodyArena | null;
  readonly timeoutMs: number;
  /** One that was started ahead and has been told nothing yet: the first of the place. */
  readonly started?: WorkerProcess | undefined;
}

/** A place for a worker: processes come and go on it. One that exits, throws or hangs is replaced. */
export class WorkerPlace implements Place {
  readonly #options: PlaceOptions;
  readonly #events: PlaceEvents;
  #process: WorkerProcess | undefined;
  #started: WorkerProcess | undefined;
  #isReady = false;
  #isClosed = false;
  /** Lost in a row without a batch served in between. */
  #failures = 0;
  /** The end of patience with this process, or the start of the next one. */
  #timer: NodeJS.Timeout | undefined;
  /** The end of patience with each image whose decoding takes long. */
  readonly #decodeTimers = new Map<number, NodeJS.Timeout>();
  /** Why we ended the process ourselves. */
  #verdict: ProcessLoss | undefined;

  constructor(options: PlaceOptions, events: PlaceEvents) {
    this.#options = options;
    this.#events = events;
    this.#started = options.started;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(measureCosts: boolean): void {
    const { setup, arena } = this.#options;
    const process = this.#started ?? new WorkerProcess(arena, setup.devices);
    this.#started = undefined;
    process.attend({
      message: (message) => this.#receive(message),
      ended: (cause) => this.#replace(this.#verdict ?? { kind: 'ended', cause }),
    });
    this.#process = process;
    this.#verdict = undefined;
    this.#expectWithin(OPEN_TIMEOUT_MS);
    process.send({ type: 'open', setup: { ...setup, measureCosts, sharedBytes: arena?.byteLength ?? 0 } });
  }

  run(order: BatchOrder): void {
    this.#expectWithin(this.#options.timeoutMs);
    this.#process?.run(order);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isReady = false;
    this.#clearTimers();
    await (this.#process ?? this.#started)?.kill();
  }

  /** Of an answer. */
  #expectWithin(timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#end({ kind: 'timed-out', cause: `did not answer within ${timeoutMs} ms` }),
      timeoutMs,
    );
  }

  #receive(message: FromWorker): void {
    // A process that was sentenced may still have had an answer on its way; its batch is lost already.
    if (this.#isClosed || this.#verdict !== undefined) return;
    switch (message.type) {
      // These take another way than an answer, and may come after it; but the second follows the first.
      case 'decoding':
        this.#limitDecoding(message);
        return;
      case 'decoded':
        this.#decoded(message.image);
        return;
      case 'ready':
        clearTimeout(this.#timer);
        this.#isReady = true;
        this.#events.ready(message.costsMs, message.device);
        return;
      case 'done':
        clearTimeout(this.#timer);
        this.#failures = 0;
        this.#events.done(message);
        return;
      case 'open-failed':
        this.#events.openFailed(message.error);
        this.#end({ kind: 'ended', cause: `could not open the model: ${message.error.message}` });
        return;
      case 'failed':
        this.#end({ kind: 'ended', cause: `failed in the model: ${message.error.message}` });
        return;
      default:
        message satisfies never;
    }
  }

  #limitDecoding({ image, decodeUs }: Extract<FromWorker, { type: 'decoding' }>): void {
    const { decodeTimeoutMs } = this.#options.setup;
    const cause = `took more than ${decodeTimeoutMs} ms to decode an image`;
    const timer = setTimeout(
      // Where this process was late itself, the end of the decoding may lie unread: that is read first.
      () =>
        setImmediate(() => {
          if (this.#decodeTimers.get(image) === timer) this.#end({ kind: 'decode-timed-out', cause, image });
        }),
      Math.max(0, decodeTimeoutMs - usToMs(decodeUs)),
    );
    this.#decodeTimers.set(image, timer);
  }

  #decoded(image: number): void {
    clearTimeout(this.#decodeTimers.get(image));
    this.#decodeTimers.delete(image);
  }

  #end(verdict: ProcessLoss): void {
    this.#clearTimers();
    this.#verdict = verdict;
    void this.#process?.kill();
  }

  #clearTimers(): void {
    clearTimeout(this.#timer);
    for (const image of this.#decodeTimers.keys()) this.#decoded(image);
  }

  /** The process has ended, so whatever it was given will not be answered. */
  #replace(loss: ProcessLoss): void {
    this.#clearTimers();
    this.#process = undefined;
    this.#isReady = false;
    if (this.#isClosed) return;
    if (loss.kind === 'decode-timed-out') {
      // The worker was sound and the image at fault: its successor starts at once, or images could keep workers away.
      this.start(false);
    } else {
      this.#failures++;
      this.#timer = setTimeout(() => this.start(false), restartDelayMs(this.#failures));
    }
    this.#events.lost(loss, this.#failures);
  }
}
