import type { LoadPlan } from './load-plan.js';

/** A warm-up that has to go on does so by this share of its shortest length. */
const STEP_SHARE = 0.5;

/**
 * The borders of a run on the clock. While a warm-up lasts that may become longer, the measured part begins at the next
 * moment at which it may end: start + warm-up, and half a warm-up later each time.
 */
export class RunWindow {
  readonly startedUs: number;
  readonly stepUs: number;
  private readonly durationUs: number;
  private readonly longestWarmupUs: number;
  private lengthUs: number;

  constructor(
    startedUs: number,
    {
      warmupUs,
      warmupMaxUs = warmupUs,
      durationUs,
    }: Pick<LoadPlan, 'warmupUs' | 'warmupMaxUs' | 'durationUs'>,
  ) {
    this.startedUs = startedUs;
    this.stepUs = STEP_SHARE * warmupUs;
    this.durationUs = durationUs;
    this.longestWarmupUs = warmupMaxUs;
    this.lengthUs = warmupUs;
  }

  get warmupUs(): number {
    return this.lengthUs;
  }

  get measuredFromUs(): number {
    return this.startedUs + this.lengthUs;
  }

  get endUs(): number {
    return this.measuredFromUs + this.durationUs;
  }

  /** @returns false where the warm-up is as long as it may be */
  lengthen(): boolean {
    const lengthUs = this.lengthUs + this.stepUs;
    if (this.stepUs === 0 || lengthUs > this.longestWarmupUs) return false;
    this.lengthUs = lengthUs;
    return true;
  }
}
