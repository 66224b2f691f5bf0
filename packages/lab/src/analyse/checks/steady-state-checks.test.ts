import { type CheckId, seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { poissonSchedule } from '../../pace/poisson-schedule.js';
import type { PointRun } from '../../record/run-folder.js';
import { examinePoint } from '../analyse-point.js';
import type { PointSample } from '../point-sample.js';

const MS = 1000;
const REPEATS = 5;
const STEADINESS: readonly CheckId[] = ['warm-up', 'latency-drift'];

interface Queue {
  seed: number;
  load?: number;
  /** Service time, ms, of a request that arrives at this share of the measured part; negative in the warm-up. */
  serviceMs?: (share: number) => number;
  durationMs?: number;
  warmupSteady?: (repeat: number) => boolean;
}

/** Five repeats of a single server with Poisson arrivals, by Lindley's recursion: M/D/1 where the service is constant. */
function queue({
  seed,
  load = 0.8,
  serviceMs = () => 7.5,
  durationMs = 2000,
  warmupSteady,
}: Queue): PointSample[] {
  const rate_rps = (1000 * load) / serviceMs(0);
  const warmupMs = 1000;
  return Array.from({ length: REPEATS }, (_, repeat) => {
    const arrivalsUs = poissonSchedule(
      rate_rps,
      (warmupMs + durationMs) * MS,
      seededRandom(seed, `arrivals ${repeat}`),
    );
    let freeUs = 0;
    const records = Array.from(arrivalsUs, (scheduled, index): PointSample['records'][number] => {
      const share = (scheduled / MS - warmupMs) / durationMs;
      freeUs = Math.max(freeUs, scheduled) + serviceMs(share) * MS;
      const moments = {
        scheduled,
        fired: scheduled,
        acquired: scheduled,
        sent: scheduled,
        first_byte: freeUs,
      };
      const phase = share < 0 ? ('warmup' as const) : ('measured' as const);
      const answer = { status: 200, outcome: 'ok' as const, checked: false, bytes: 1, image: 0 };
      return { index, phase, ...moments, done: freeUs, ...answer };
    });
    const run: PointRun = {
      ...{ id: 'p', stack: 's', workload: 'w', repeat, order: 0, timeout_us: 60e6, started_us: 0 },
      load: { mode: 'open', rate_rps, arrivals: 'poisson' },
      warmup_us: warmupMs * MS,
      duration_us: durationMs * MS,
      ...(warmupSteady !== undefined && { warmup_steady: warmupSteady(repeat) }),
    };
    return { run, records, server: null };
  });
}

/** The checks of steadiness that a point fails, and its verdict. */
function failedOf(samples: readonly PointSample[], pointsInRun = 1) {
  const { point, checks } = examinePoint(samples, null, { pointsInRun, driver: null });
  return { verdict: point.verdict, failed: checks.filter(({ ok, id }) => !ok && STEADINESS.includes(id)) };
}

describe('latency drift', () => {
  it('is seen in a server that slows down while its throughput keeps up', () => {
    const { verdict, failed } = failedOf(
      queue({ seed: 1, load: 0.2, serviceMs: (share) => 6 + 6 * share }),
      40,
    );
    expect(verdict.status).toBe('INVALID');
    expect(verdict.reason_ids).toContain('latency-drift');
    expect(failed[0]?.params).toEqual({ direction: 'slower' });
  });

  it('is seen in a server that was not warm yet', () => {
    const warming = (share: number) => (share < 0.3 ? 9 : 6);
    const { failed } = failedOf(queue({ seed: 2, load: 0.3, serviceMs: warming }), 40);
    expect(failed[0]).toMatchObject({ id: 'latency-drift', params: { direction: 'faster' } });
  });

  it('is not looked for where the load is meant to change', () => {
    const slowing = queue({ seed: 1, load: 0.2, serviceMs: (share) => 6 + 6 * share });
    const profile = { shape: 'ramp', to_rps: 60 } as const;
    const ramp = slowing.map(({ run, ...rest }) => ({
      ...rest,
      run: { ...run, load: { ...run.load, profile } },
    }));
    expect(failedOf(ramp).failed).toEqual([]);
    expect(failedOf(slowing).failed).toHaveLength(1);
  });

  it('is no reason to call a stack that cannot keep up anything but saturated', () => {
    const { verdict, failed } = failedOf(queue({ seed: 3, load: 1.5 }));
    expect(verdict.status).toBe('SATURATED');
    expect(failed).toEqual([]);
  });

  it('is alleged of at most 1 of 100 honest queues at 80 % load', () => {
    const POINTS = 500;
    let alarms = 0;
    for (let seed = 0; seed < POINTS; seed++) alarms += failedOf(queue({ seed })).failed.length;
    console.log(`${alarms} of ${POINTS} honest points are called drifting`);
    expect(alarms).toBeLessThanOrEqual(POINTS / 100);
  });
});

describe('the warm-up', () => {
  it.each([
    [2, 0],
    [3, 1],
  ])('with %i of five repeats unsteady fails %i checks', (unsteady, checks) => {
    const { failed } = failedOf(queue({ seed: 4, load: 0.3, warmupSteady: (repeat) => repeat >= unsteady }));
    expect(failed).toHaveLength(checks);
  });
});
