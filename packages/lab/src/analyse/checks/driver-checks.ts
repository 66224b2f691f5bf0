import type { Check } from '@servelab/core';
import type { DriverCalibration } from '../../record/run-folder.js';
import { judge, type LocalCheck } from './check.js';
import { LAG_FLOOR_MS } from './point-checks.js';

/**
 * A driver that needs c seconds a request has the ceiling 1/c. At half of it a request waits for the driver's other
 * work 0.5 c on average (M/D/1 at load 0.5), while N users at that rate are answered in 2 N c: at most 1/(4 N) is
 * added, 3 % for eight users, which is the band of no difference. With fewer users the floor decides.
 */
const CEILING_SHARE = 0.5;
/**
 * What the driver and the kernel add to each latency is no more than the floor, and it is the same for every stack: a
 * difference between two stacks is made smaller by it, never larger. Below twice the floor the figure would be more
 * the client's than the stack's, and a true difference would show as less than half.
 */
const FLOOR_MULTIPLE = 2;

/** Up to which rate a point may count on this driver. */
export const highestRateRps = ({ rps }: DriverCalibration['ceiling']): number => CEILING_SHARE * rps;

/** Rule 14, once a run: a driver that is late where nothing holds it up will be late for every stack. */
export const calibrationCheck = ({ open }: DriverCalibration): Check => ({
  ...judge('client-calibration', open.lag_p99_ms, LAG_FLOOR_MS),
  where: { scope: 'run' },
});

/** Rule 14 for one point: its figures must be far from what the driver alone can do. */
export function driverChecks(
  { throughputRps, p50Ms }: { readonly throughputRps: number | null; readonly p50Ms: number | null },
  { ceiling, floor, open }: DriverCalibration,
): LocalCheck[] {
  // The smaller of the two: a spell of noise during one of them must not refuse an honest point.
  const leastMs = FLOOR_MULTIPLE * Math.min(floor.p50_ms, open.p50_ms);
  return [
    judge('client-ceiling', throughputRps, highestRateRps(ceiling), { passUnmeasured: true }),
    judge('client-floor', p50Ms, leastMs, { passUnmeasured: true }),
  ];
}
