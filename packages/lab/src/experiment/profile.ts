import { msToUs } from '@servelab/core';

/** How much is measured. Durations in microseconds. */
export interface Profile {
  readonly name: 'quick' | 'full';
  /** Closed-loop concurrencies of the photographs workload. */
  readonly levels: readonly number[];
  /** Open-loop rates as fractions of the capacity of the slowest stack of the group. */
  readonly rateFractions: readonly number[];
  /** Closed-loop concurrencies of the simulated workload. */
  readonly simulatedLevels: readonly number[];
  readonly repeats: number;
  /** Share of the points that may be measured again on a disturbed machine: bounds the time of a run. */
  readonly redoShare: number;
  readonly warmupUs: number;
  readonly durationUs: number;
  /** Points at a slow open rate are measured longer, to this at most, for the samples of this percentile. */
  readonly extension: { readonly fraction: number; readonly maxDurationUs: number };
  /** Whether each stack's highest rate under the SLO is searched for: about a dozen windows more a stack. */
  readonly findRate: boolean;
}

/** What decides at an open rate (analyse/headline-metric.ts). */
const DECISIVE = 0.95;
/** The highest that is shown in the tables. */
export const HIGHEST_SHOWN = 0.99;

/** `quick`: an answer in minutes. `full`: the seeds' levels, three rates, and windows long enough for every check. */
export const PROFILES: Readonly<Record<'quick' | 'full', Profile>> = {
  quick: {
    name: 'quick',
    levels: [8],
    rateFractions: [0.8],
    simulatedLevels: [8],
    repeats: 5,
    redoShare: 0.4,
    warmupUs: msToUs(1000),
    durationUs: msToUs(2000),
    extension: { fraction: DECISIVE, maxDurationUs: msToUs(60_000) },
    findRate: false,
  },
  full: {
    name: 'full',
    levels: [1, 5, 10, 20],
    rateFractions: [0.3, 0.6, 0.8],
    simulatedLevels: [1, 8],
    repeats: 5,
    redoShare: 1,
    warmupUs: msToUs(3000),
    durationUs: msToUs(10_000),
    extension: { fraction: HIGHEST_SHOWN, maxDurationUs: msToUs(60_000) },
    findRate: true,
  },
};
