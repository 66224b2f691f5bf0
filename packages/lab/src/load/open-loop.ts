import { type NowUs, US_PER_MS } from '@servelab/core';
import type { Pacer } from './pacer.js';

/** A timer comes up to this much late on a small virtual machine; the rest of the way is spun. */
const TIMER_LATENESS_US = 2000;

export interface OpenLoopOptions {
  /** The first moments on the clock, ascending; more follow through `append`. */
  readonly scheduledUs: Float64Array;
  readonly clock: NowUs;
  fire(scheduledUs: number): void;
  /** A counter of work done for requests: a turn of the loop that leaves it alone was spent spinning. */
  events(): number;
}

/**
 * Fires at the scheduled moments whatever the server does. Far from the next moment it sleeps on a timer;
 * the last stretch it spins through the event loop (setImmediate), which reads answers as they come and
 * fires within microseconds. A moment that was missed is fired at once: nothing is dropped.
 */
export class OpenLoop implements Pacer {
  spunUs = 0;
  readonly finished: Promise<void>;
  private finish: () => void = () => {};
  private scheduledUs: Float64Array;
  private isComplete = false;
  /** All given moments are fired, and more are to come. */
  private idle = false;
  private next = 0;
  private spinningSinceUs: number | null = null;
  private eventsBefore = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: OpenLoopOptions) {
    this.finished = new Promise((resolve) => {
      this.finish = resolve;
    });
    this.scheduledUs = options.scheduledUs;
    this.turn();
  }

  get planned(): number {
    return this.scheduledUs.length;
  }

  /** @param moments later than all before them */
  append(moments: Float64Array): void {
    const all = new Float64Array(this.planned + moments.length);
    all.set(this.scheduledUs);
    all.set(moments, this.planned);
    this.scheduledUs = all;
    this.wake();
  }

  /** There are no more moments to come. */
  complete(): void {
    this.isComplete = true;
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.finish();
  }

  private wake(): void {
    if (!this.idle) return;
    this.idle = false;
    this.turn();
  }

  private readonly turn = (): void => {
    if (this.stopped) return;
    const { clock, events } = this.options;
    let nowUs = clock();
    if (this.spinningSinceUs !== null && events() === this.eventsBefore)
      this.spunUs += nowUs - this.spinningSinceUs;
    let dueUs = this.scheduledUs[this.next];
    while (dueUs !== undefined && dueUs <= nowUs) {
      this.options.fire(dueUs);
      dueUs = this.scheduledUs[++this.next];
      nowUs = clock();
    }
    if (dueUs !== undefined) this.waitFor(dueUs - nowUs, nowUs);
    else if (this.isComplete) this.stop();
    else {
      this.spinningSinceUs = null;
      this.idle = true;
    }
  };

  private waitFor(gapUs: number, nowUs: number): void {
    const sleepMs = Math.floor((gapUs - TIMER_LATENESS_US) / US_PER_MS);
    if (sleepMs >= 1) {
      this.spinningSinceUs = null;
      this.timer = setTimeout(this.turn, sleepMs);
    } else {
      this.spinningSinceUs = nowUs;
      this.eventsBefore = this.options.events();
      setImmediate(this.turn);
    }
  }
}
