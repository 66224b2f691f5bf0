import type { ServerSide } from '../record/run-folder.js';

/** Drift of the spin loop, or share of time stolen, above which a repeat is done again (method, rule 16). */
export const NOISE_LIMIT = 0.05;

type NoiseReadings = Pick<ServerSide, 'spin_before_ms' | 'spin_after_ms' | 'steal'>;

/** By how much the speed of a fixed loop differed after a repeat from before, as a share; null where unknown. */
export function spinDrift({ spin_before_ms: before, spin_after_ms: after }: NoiseReadings): number | null {
  return before === null || after === null ? null : Math.abs(after / before - 1);
}

/** Whether a repeat was disturbed from outside, so that it has to be done again. */
export function isNoisy(readings: NoiseReadings): boolean {
  return (spinDrift(readings) ?? 0) > NOISE_LIMIT || (readings.steal ?? 0) > NOISE_LIMIT;
}
