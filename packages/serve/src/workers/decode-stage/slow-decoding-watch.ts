import { msToUs } from '@servelab/core';
import type { SlowDecodingObserver } from './decode-stage.js';
import type { ThreadActivity } from './thread-activity.js';

/** Looks in the time after which decoding is slow. */
const LOOKS = 4;

/** Looks now and then at what the threads decode, and tells what takes long. */
export class SlowDecodingWatch {
  readonly #activities: readonly ThreadActivity[];
  readonly #imageOf: (task: number) => number | undefined;
  readonly #nowMs: () => number;
  readonly #observer: SlowDecodingObserver;
  /** Images that it was told of, by task. */
  readonly #slow = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param imageOf undefined once the task has been done */
  constructor(
    activities: readonly ThreadActivity[],
    imageOf: (task: number) => number | undefined,
    nowMs: () => number,
    observer: SlowDecodingObserver,
  ) {
    this.#activities = activities;
    this.#imageOf = imageOf;
    this.#nowMs = nowMs;
    this.#observer = observer;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), Math.max(1, this.#observer.afterMs / LOOKS)).unref();
  }

  /** To be called when no task is left. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#look();
  }

  #look(): void {
    const nowMs = this.#nowMs();
    const busy = this.#activities.flatMap((activity) => activity.look(nowMs) ?? []);
    for (const [task, image] of this.#slow) {
      if (busy.some((one) => one.task === task)) continue;
      this.#slow.delete(task);
      this.#observer.ended(image);
    }
    for (const { task, forMs } of busy) {
      const image = this.#imageOf(task);
      if (image === undefined || forMs < this.#observer.afterMs || this.#slow.has(task)) continue;
      this.#slow.set(task, image);
      this.#observer.slow(image, msToUs(forMs));
    }
  }
}
