import { describeFailure } from './describe-failure.js';
import type { OpenRunner } from './open-runner.js';
import type { Place, PlaceEvents } from './place.js';
import type { RunnerSetup } from './protocol.js';
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
    this.#openRunner(measureCosts).then(
      (open) => {
        if (this.#isClosed) return;
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

  run(batch: number, files: readonly Uint8Array[]): void {
    // Later, as with a process: the caller has not finished with what made it start this batch.
    setImmediate(() => void this.#run(batch, files));
  }

  async #run(batch: number, files: readonly Uint8Array[]): Promise<void> {
    const runner = this.#open?.runner;
    if (runner === undefined) return;
    let answer: Awaited<ReturnType<typeof runner.run>>;
    try {
      answer = await runner.run(files, (_image, decode) => decode());
    } catch (error) {
      if (!this.#isClosed) this.#lose(`failed in the model: ${describeFailure(error).message}`);
      return;
    }
    if (this.#isClosed) return;
    this.#failures = 0;
    this.#events.done({ type: 'done', batch, ...answer });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#open = undefined;
    clearTimeout(this.#restart);
  }

  #lose(cause: string): void {
    this.#open = undefined;
    this.#failures++;
    this.#restart = setTimeout(() => this.start(false), restartDelayMs(this.#failures));
    this.#events.lost({ kind: 'ended', cause }, this.#failures);
  }
}
