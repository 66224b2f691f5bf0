import { type NowUs, US_PER_S } from '@servelab/core';
import type { Flight } from './flight.js';
import type { DriverPhase, DriverProgress } from './load-plan.js';
import type { RunWindow } from './run-window.js';

/** Takes the figures of the live view from a flight. */
export class ProgressMeter {
  private lastDone = 0;
  private lastUs: number;

  constructor(
    private readonly flight: Flight,
    private readonly window: RunWindow,
    private readonly clock: NowUs,
  ) {
    this.lastUs = window.startedUs;
  }

  read(): DriverProgress {
    const { settled, inFlight, errors, latencyUs } = this.flight;
    const { startedUs, endUs } = this.window;
    const nowUs = this.clock();
    const ratePerS = ((settled - this.lastDone) / Math.max(nowUs - this.lastUs, 1)) * US_PER_S;
    this.lastDone = settled;
    this.lastUs = nowUs;
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => latencyUs.quantileUs(q));
    return {
      phase: this.phaseAt(nowUs),
      elapsedUs: nowUs - startedUs,
      totalUs: endUs - startedUs,
      sent: settled + inFlight,
      done: settled,
      errors,
      inFlight,
      ratePerS,
      latencyUs: p50 == null || p95 == null || p99 == null ? null : { p50, p95, p99 },
    };
  }

  private phaseAt(nowUs: number): DriverPhase {
    if (nowUs < this.window.measuredFromUs) return 'warmup';
    return nowUs < this.window.endUs ? 'measured' : 'grace';
  }
}
