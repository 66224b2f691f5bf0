import { readFile } from 'node:fs/promises';
import { monotonicNowUs, usToMs } from '@servelab/core';

const SPIN_ITERATIONS = 4_000_000;
const FEWEST_SPINS = 7;
/** How long a spell of noise is waited out. */
const PATIENCE_MS = 1000;
/** Within this of the speed asked for, there is nothing more to wait for. */
const SAME_SPEED = 1.02;

/**
 * Time of a fixed amount of integer work, ms: the fastest of runs of some 5 ms. The same work before and after
 * a repeat takes the same time on a machine that keeps its speed. Spells of noise, which shared hosts have for
 * up to a second, are waited out and left to the interval over repeats; a core that stays slower shows.
 *
 * @param expectedMs what the loop took before; it is run again, for a second at most, until it takes that
 */
export function spinProbeMs(expectedMs: number): number {
  const startedUs = monotonicNowUs();
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let spins = 0; ; spins++) {
    const asExpected = fastestMs <= expectedMs * SAME_SPEED;
    const patient = usToMs(monotonicNowUs() - startedUs) < PATIENCE_MS;
    if (spins >= FEWEST_SPINS && (asExpected || !patient)) return fastestMs;
    fastestMs = Math.min(fastestMs, spinOnceMs());
  }
}

function spinOnceMs(): number {
  const startedUs = monotonicNowUs();
  let state = 1;
  for (let i = 0; i < SPIN_ITERATIONS; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  // Never true (the generator has full period and the loop is shorter): keeps the loop from being optimised away.
  if (state === 1) throw new Error('unreachable');
  return usToMs(monotonicNowUs() - startedUs);
}

/** CPU time of the whole machine since boot, in clock ticks. */
export interface CpuTicks {
  readonly total: number;
  readonly steal: number;
}

/** @returns null where there is no /proc/stat */
export async function readCpuTicks(): Promise<CpuTicks | null> {
  try {
    return parseCpuTicks(await readFile('/proc/stat', 'utf8'));
  } catch {
    return null;
  }
}

/** First line of /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice (proc(5)). */
function parseCpuTicks(stat: string): CpuTicks | null {
  const fields = /^cpu +(\S.*)$/m.exec(stat)?.[1]?.trim().split(/\s+/).map(Number);
  const steal = fields?.[7];
  if (fields === undefined || steal === undefined) return null;
  // guest time is already counted in user time
  return { total: fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0), steal };
}

/** Share of CPU time that the hypervisor took between two readings, 0-1. */
export function stealShare(before: CpuTicks | null, after: CpuTicks | null): number | null {
  if (before === null || after === null || after.total === before.total) return null;
  return (after.steal - before.steal) / (after.total - before.total);
}
