import { expect, it } from 'vitest';
import { calibrationCheck, driverChecks } from './driver-checks.js';

const driver = {
  ceiling: { concurrency: 8, rps: 10_000 },
  floor: { p50_ms: 0.2, p99_ms: 0.5 },
  open: { rate_rps: 200, p50_ms: 0.3, p99_ms: null, lag_p99_ms: 0.1 },
};

it.each<[name: string, throughputRps: number, p50Ms: number, kept: boolean[]]>([
  ['takes milliseconds', 1200, 6.5, [true, true]],
  ['is at half the ceiling and twice the floor', 5000, 0.4, [true, true]],
  ['answers more than half of what the driver can ask', 5001, 1.6, [false, true]],
  ['answers within twice what the driver needs itself', 2000, 0.39, [true, false]],
])('a stack that %s', (_name, throughputRps, p50Ms, kept) => {
  expect(driverChecks({ throughputRps, p50Ms }, driver)).toMatchObject([
    { id: 'client-ceiling', ok: kept[0] },
    { id: 'client-floor', ok: kept[1] },
  ]);
});

it('a driver that is late for a server that does nothing cannot measure', () => {
  expect(calibrationCheck(driver).ok).toBe(true);
  expect(calibrationCheck({ ...driver, open: { ...driver.open, lag_p99_ms: 3.1 } })).toMatchObject({
    ok: false,
    id: 'client-calibration',
    where: { scope: 'run' },
    limit: 3,
  });
});
