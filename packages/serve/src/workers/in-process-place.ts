import { describeFailure } from './describe-failure.js';
import type { OpenRunner } from './open-runner.js';
import type { Place, PlaceEvents } from './place.js';
import type { BatchOrder, RunnerSetup } from './protocol.js';
import { restartDelayMs } from './restart-delay.js';

/**
 * A worker in the server's own process: nothing crosses a boundary, and nothing protects the server. While the model
 * runs, no other request is served; a model that hangs, exits or crashes takes the server with it, and no image can be
 * ended that takes too long to decode. A model that throws is opened again, as with a process.
 */
export class InProcessPlace implements Place {
  readonly pid = undefined;
  readonly #setup: RunnerSetup;
  readonly #events: PlaceEvents;
  #open: OpenRunner | undefined;
  #opening: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** In a row without a batch served in between. */
  #failures = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(setup: RunnerSetup, events: PlaceEvents) {
    this.#setup = setup;
    this.#events = events;
  }

  get isReady(): boolean {
    return this.#open !== undefined;
  }

  start(measureCosts: boolean): void {
    this.#opening = this.#openRunner(measureCosts).then(
      (open) => {
        if (this.#isClosed) return open.runner.close();
        this.#open = open;
        this.#events.ready(open.costsMs, open.device);
      },
      (error: unknown) => {
        if (this.#isClosed) return;
        const failure = describeFailure(error);
        this.#events.openFailed(failure);
        this.#lose(`could not open the model: ${failure.message}`);
      },
    );
  }

  /** Loaded where the model does run in this process: decoders and ONNX Runtime take long. */
  async #openRunner(measureCosts: boolean): Promise<OpenRunner> {
    const { openRunner } = await import('./open-runner.js');
    return await openRunner(this.#setup, measureCosts);
  }

  run(order: BatchOrder): void {
    // Later, as with a process: the caller has not finished with what made it start this batch.
    setImmediate(() => void this.#run(order));
  }

  async #run(order: BatchOrder): Promise<void> {
    const runner = this.#open?.runner;
    if (runner === undefined) return;
    let answer: Awaited<ReturnType<typeof runner.run>>;
    try {
      answer = await runner.run(order);
    } catch (error) {
      if (!this.#isClosed) this.#lose(`failed in the model: ${describeFailure(error).message}`);
      return;
    }
    if (this.#isClosed) return;
    this.#failures = 0;
    this.#events.done({ type: 'done', batch: order.batch, ...answer });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#restart);
    // Not in the middle of it: native libraries do not survive to be interrupted while they load.
    await this.#opening;
    await this.#leave();
  }

  /** Of the model and its threads nothing is used again. */
  async #leave(): Promise<void> {
    const runner = this.#open?.runner;
    this.#open = undefined;
    await runner?.close();
  }

  #lose(cause: string): void {
    void this.#leave();
    this.#failures++;
    this.#restart = setTimeout(() => this.start(false), restartDelayMs(this.#failures));
    this.#events.lost({ kind: 'ended', cause }, this.#failures);
  }
}
