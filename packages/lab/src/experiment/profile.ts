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
}

/** `quick`: an answer in minutes. `full`: the seeds' levels, three rates, and windows long enough for every gate. */
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
  },
};
