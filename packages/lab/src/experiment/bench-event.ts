import type { Load, StackResult } from '@servelab/core';
import type { RateTry } from '../analyse/judge-try.js';
import type { DriverProgress } from '../load/load-plan.js';
import type { DriverCalibration } from '../record/run-folder.js';
import type { GoldenResult } from './golden-check.js';
import type { StackTurn } from './schedule-of-runs.js';

/** What happens during a run, for whoever watches. `remainingS`: estimate for the rest of the run. */
export type BenchEvent =
  | {
      readonly kind: 'announced';
      readonly turns: number;
      readonly points: number;
      /** Repeats of everything. */
      readonly blocks: number;
      readonly remainingS: number;
    }
  | { readonly kind: 'calibrating'; readonly workload: string; readonly stack: string }
  | {
      readonly kind: 'calibrated';
      readonly workload: string;
      readonly slowestRps: number;
      readonly ratesRps: readonly number[];
    }
  | { readonly kind: 'calibrating-driver' }
  | { readonly kind: 'driver-calibrated'; readonly driver: DriverCalibration }
  | {
      readonly kind: 'turn-started';
      readonly turn: StackTurn;
      readonly turns: number;
      readonly remainingS: number;
    }
  | { readonly kind: 'golden'; readonly turn: StackTurn; readonly result: GoldenResult }
  | {
      readonly kind: 'progress';
      readonly turn: StackTurn;
      readonly load: Load;
      readonly progress: DriverProgress;
    }
  /** The machine was not quiet: the point is measured again. */
  | { readonly kind: 'disturbed'; readonly turn: StackTurn; readonly load: Load; readonly attempt: number }
  | {
      readonly kind: 'point-done';
      readonly turn: StackTurn;
      readonly load: Load;
      readonly throughputRps: number;
      readonly errors: number;
    }
  | {
      readonly kind: 'stack-failed';
      readonly stack: string;
      readonly message: string;
      readonly logTail: string;
    }
  /** What a stack did not end by itself when it was stopped: it was ended by force, or is still there. */
  | { readonly kind: 'left-behind'; readonly stack: string; readonly left: readonly string[] }
  /** After the points: the search for this stack's highest rate begins. */
  | {
      readonly kind: 'search-started';
      readonly turn: StackTurn;
      readonly slo: string;
      readonly remainingS: number;
    }
  | { readonly kind: 'rate-tried'; readonly turn: StackTurn; readonly tried: RateTry }
  | {
      readonly kind: 'search-done';
      readonly turn: StackTurn;
      readonly slo: string;
      readonly capacity: NonNullable<StackResult['capacity']>;
    }
  | { readonly kind: 'interrupted' };

export type BenchObserver = (event: BenchEvent) => void;
