const TASK = 0;
const STARTED_MS = 1;

/** What a decoding thread works on, for others to look at while it does: they get no message from a thread that decodes. */
export class ThreadActivity {
  readonly #cells: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.#cells = new Int32Array(shared);
  }

  static create(): SharedArrayBuffer {
    return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  }

  /**
   * The thread begins a task, or once more when what it had to wait for is there.
   *
   * @param task positive
   * @param nowMs of a clock that the threads share
   */
  begin(task: number, nowMs: number): void {
    Atomics.store(this.#cells, TASK, 0);
    Atomics.store(this.#cells, STARTED_MS, nowMs | 0);
    Atomics.store(this.#cells, TASK, task);
  }

  end(): void {
    Atomics.store(this.#cells, TASK, 0);
  }

  /** @returns null while the thread does nothing */
  look(nowMs: number): { readonly task: number; readonly forMs: number } | null {
    const task = Atomics.load(this.#cells, TASK);
    const forMs = ((nowMs | 0) - Atomics.load(this.#cells, STARTED_MS)) | 0;
    // Between the two looks another task may have begun.
    return task === 0 || Atomics.load(this.#cells, TASK) !== task ? null : { task, forMs };
  }
}
