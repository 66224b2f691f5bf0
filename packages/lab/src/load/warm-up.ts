import { type NowUs, percentile, sortSamples, usToMs } from '@servelab/core';
import type { RunWindow } from './run-window.js';

/** Rule 7: BentoML trains its batcher on the first dozen. */
export const FEWEST_ANSWERS = 12;
/** Answers that become faster by no more than this share count as steady. */
const STILL_FASTER = 0.1;
/**
 * The answers of an honest stack at 80 % load queue: by chance alone their median falls by a tenth from one half second
 * to the next in every third case, the fastest tenth, which found the server idle, in 7 of 100. A server that is not
 * warm yet is slow to those as well.
 */
const FASTEST_SHARE = 0.1;
/** The decision comes this much before the warm-up may end, so that the measured part follows without a break. */
const LEAD_MS = 20;

/** One answer: when it was complete, and how long after its request was sent. */
export interface TimedAnswer {
  readonly doneUs: number;
  readonly serviceUs: number;
}

/**
 * Whether the answers have stopped becoming faster: the service time of the last `spanUs` against the span before it.
 * Becoming slower is no sign of a cold server: the checks of the measured part look for that.
 */
export function isSteady(answers: readonly TimedAnswer[], nowUs: number, spanUs: number): boolean {
  if (answers.length < FEWEST_ANSWERS) return false;
  const middleUs = nowUs - spanUs;
  const before = fastEndUs(answers, middleUs - spanUs, middleUs);
  const last = fastEndUs(answers, middleUs, nowUs);
  return before !== null && last !== null && last >= (1 - STILL_FASTER) * before;
}

/** Of the answers that were complete between two moments; null where there are none. */
function fastEndUs(answers: readonly TimedAnswer[], fromUs: number, toUs: number): number | null {
  const inside = answers.filter(({ doneUs }) => doneUs > fromUs && doneUs <= toUs);
  return percentile(sortSamples(inside.map(({ serviceUs }) => serviceUs)), FASTEST_SHARE);
}

export interface WarmUpHooks {
  answers(): readonly TimedAnswer[];
  /** The warm-up goes on to the window's new end. */
  onLengthened(): void;
  /** The measured part begins where the window says. */
  onEnd(): void;
}

/** Looks shortly before each moment at which the warm-up may end whether it has to go on. */
export class WarmUp {
  /** Whether it ended because the answers were steady; null while it lasts. */
  steady: boolean | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly window: RunWindow,
    private readonly clock: NowUs,
    private readonly hooks: WarmUpHooks,
  ) {
    this.wait();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private wait(): void {
    const leftMs = usToMs(this.window.measuredFromUs - this.clock());
    this.timer = setTimeout(() => this.look(), Math.max(0, leftMs - LEAD_MS));
  }

  private look(): void {
    const nowUs = this.clock();
    const steady = isSteady(this.hooks.answers(), nowUs, this.window.stepUs);
    // Where this process was held up until the measured part has begun, it has begun.
    if (!steady && nowUs < this.window.measuredFromUs && this.window.lengthen()) {
      this.hooks.onLengthened();
      this.wait();
    } else {
      this.steady = steady;
      this.hooks.onEnd();
    }
  }
}
