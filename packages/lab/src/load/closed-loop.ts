import type { NowUs } from '@servelab/core';
import type { Pacer } from './pacer.js';

/** A user who got no answer at all pauses: a dead server would otherwise be asked thousands of times a second. */
const PAUSE_AFTER_FAILURE_MS = 100;

export interface ClosedLoopOptions {
  readonly concurrency: number;
  /** No request is scheduled at or after it; it may move away while the load warms up. */
  endUs(): number;
  /** Bounds the run's memory. */
  readonly maxRequests: number;
  readonly clock: NowUs;
  fire(scheduledUs: number): void;
}

/** `concurrency` users: each sends again the moment its answer is there, so scheduled is when the user is ready. */
export class ClosedLoop implements Pacer {
  readonly planned = null;
  readonly spunUs = 0;
  readonly finished: Promise<void>;
  private finish: () => void = () => {};
  private fired = 0;
  private active: number;
  private readonly pauses = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(private readonly options: ClosedLoopOptions) {
    this.finished = new Promise((resolve) => {
      this.finish = resolve;
    });
    this.active = options.concurrency;
    for (let user = 0; user < options.concurrency; user++) this.next();
  }

  /** One request has its outcome, so one user is free. */
  settled(gotAnswer: boolean): void {
    if (gotAnswer || this.stopped) {
      this.next();
      return;
    }
    const pause = setTimeout(() => {
      this.pauses.delete(pause);
      this.next();
    }, PAUSE_AFTER_FAILURE_MS);
    this.pauses.add(pause);
  }

  stop(): void {
    this.stopped = true;
    for (const pause of this.pauses) clearTimeout(pause);
    this.finish();
  }

  private next(): void {
    if (this.stopped) return;
    const nowUs = this.options.clock();
    if (nowUs < this.options.endUs() && this.fired < this.options.maxRequests) {
      this.fired++;
      this.options.fire(nowUs);
    } else if (--this.active === 0) this.stop();
  }
}
