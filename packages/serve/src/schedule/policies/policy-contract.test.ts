import { usToMs } from '@servelab/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runSchedule, type ScheduleStep, type World, type WorldEvent } from '../../simulate/run-schedule.js';
import { Scheduler, type StartedBatch } from '../scheduler.js';
import { createPolicy, POLICY_NAMES } from './index.js';

const MAX_WAIT_US = 50_000;
const FAR_US = 10_000_000;

interface Case {
  maxBatchSize: number;
  queueLimit: number;
  batchWaitTimeoutMs: number;
  maxLatencyMs: number;
  world: World;
}

/** Worlds of up to three workers that may die, with bursts, hang-ups and deadlines from hopeless to far. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    maxBatchSize: fc.integer({ min: 1, max: 9 }),
    queueLimit: fc.integer({ min: 1, max: 40 }),
    batchWaitTimeoutMs: fc.constantFrom(0, 1, 10, 200),
    maxLatencyMs: fc.constantFrom(20, 200, 60_000),
    workers: fc.integer({ min: 1, max: 3 }),
    fixedUs: fc.integer({ min: 1, max: 20_000 }),
    perImageUs: fc.integer({ min: 1, max: 20_000 }),
    arrivals: fc.array(
      fc.record({
        gapUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40_000 })),
        images: fc.integer({ min: 1, max: 12 }),
        slackUs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.constant(FAR_US)),
        cancelAfterUs: fc.option(fc.integer({ min: 0, max: 60_000 }), { freq: 4 }),
      }),
      { maxLength: 60 },
    ),
    losses: fc.array(
      fc.record({
        atUs: fc.integer({ min: 0, max: 500_000 }),
        worker: fc.integer({ min: 0, max: 2 }),
        downUs: fc.integer({ min: 1, max: 100_000 }),
        overran: fc.boolean(),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ arrivals, losses, workers, fixedUs, perImageUs, ...limits }) => {
    const events: WorldEvent[] = losses
      .filter(({ worker }) => worker < workers)
      .map((loss) => ({ ...loss, kind: 'lose-worker' }));
    let atUs = 0;
    let id = 0;
    for (const { gapUs, images, slackUs, cancelAfterUs } of arrivals) {
      atUs += gapUs;
      const burst = Array.from({ length: images }, () => ({
        id: ++id,
        arrivedUs: atUs,
        deadlineUs: atUs + slackUs,
      }));
      events.push({ atUs, kind: 'arrival', images: burst });
      if (cancelAfterUs !== null) {
        events.push({ atUs: atUs + cancelAfterUs, kind: 'cancelled', ids: burst.map(({ id }) => id) });
      }
    }
    return { ...limits, world: { workers, events, serviceUs: (size) => fixedUs + perImageUs * size } };
  });

const imagesOf = ({ events }: World) =>
  events.flatMap((event) => (event.kind === 'arrival' ? event.images : []));
const cancelledOf = ({ events }: World) =>
  new Set(events.flatMap((event) => (event.kind === 'cancelled' ? event.ids : [])));

describe.each(POLICY_NAMES)('every policy keeps the contract: %s', (name) => {
  const newScheduler = ({ maxBatchSize, queueLimit, batchWaitTimeoutMs, maxLatencyMs, world }: Case) => {
    const costUs = (size: number) => world.serviceUs(size, 0);
    const { workers } = world;
    const maxWaitMs = usToMs(MAX_WAIT_US);
    const scheduler = new Scheduler({
      policy: createPolicy(name, { maxBatchSize, batchWaitTimeoutMs, maxLatencyMs, maxWaitMs, workers }),
      maxBatchSize,
      queueLimit,
      maxWaitUs: MAX_WAIT_US,
      costUs,
    });
    const costsUs = Array.from({ length: maxBatchSize }, (_, n) => costUs(n + 1));
    scheduler.handle({ kind: 'costs', costsUs, atUs: 0 });
    return scheduler;
  };
  const run = (one: Case, watch?: (step: ScheduleStep) => void) =>
    runSchedule(newScheduler(one), one.world, watch);

  it('gives every image exactly one outcome: none lost, none answered twice', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const rejections: number[] = [];
        const { outcomes } = run(one, ({ effects }) => {
          rejections.push(...effects.rejected.map(({ id }) => id));
        });
        expect(new Set(rejections).size).toBe(rejections.length);
        const cancelled = cancelledOf(one.world);
        for (const { id } of imagesOf(one.world)) {
          if (!cancelled.has(id)) expect(outcomes.has(id), `image ${id}`).toBe(true);
        }
      }),
    );
  });

  it('never runs an image twice at a time, a batch above the maximum, or work on a busy worker', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { batches } = run(one);
        const firstRuns = batches.filter(({ rule }) => rule !== 'retry').flatMap(({ ids }) => ids);
        expect(new Set(firstRuns).size).toBe(firstRuns.length);
        for (const { ids } of batches) {
          expect(ids.length).toBeGreaterThan(0);
          expect(ids.length).toBeLessThanOrEqual(one.maxBatchSize);
        }
        const lossesOf = (worker: number) =>
          one.world.events.filter((event) => event.kind === 'lose-worker' && event.worker === worker);
        const freeUs = new Map<number, StartedBatch & { atUs: number }>();
        for (const batch of batches) {
          const before = freeUs.get(batch.worker);
          freeUs.set(batch.worker, batch);
          if (before === undefined) continue;
          const endUs = before.atUs + one.world.serviceUs(before.ids.length, 0);
          const lost = lossesOf(batch.worker).some(
            ({ atUs }) => atUs >= before.atUs && atUs <= Math.min(endUs, batch.atUs),
          );
          expect(lost || batch.atUs >= endUs).toBe(true);
        }
      }),
    );
  });

  it('never starts a first run that cannot be: before arrival, or at or past the deadline', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const images = new Map(imagesOf(one.world).map((image) => [image.id, image]));
        for (const { ids, atUs } of run(one).batches) {
          for (const id of ids) {
            expect(atUs).toBeGreaterThanOrEqual(images.get(id)?.arrivedUs ?? Number.POSITIVE_INFINITY);
            expect(atUs).toBeLessThan(images.get(id)?.deadlineUs ?? 0);
          }
        }
      }),
    );
  });

  it('lets no image wait longer than the bound while a worker is idle', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const scheduler = newScheduler(one);
        // Suspects do wait while workers are idle: they run one at a time.
        const events = one.world.events.filter((event) => event.kind !== 'lose-worker' || !event.overran);
        runSchedule(scheduler, { ...one.world, events }, ({ effects, nowUs, idleWorkers }) => {
          if (scheduler.queuedImages === 0 || idleWorkers === 0) return;
          expect(effects.wakeAtUs).toBeDefined();
          expect(effects.wakeAtUs).toBeGreaterThan(nowUs);
          expect(effects.wakeAtUs).toBeLessThanOrEqual(nowUs + MAX_WAIT_US);
        });
      }),
    );
  });

  it('serves all within the bound plus the work itself, when nothing is in the way', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const arrivals = one.world.events.filter((event) => event.kind === 'arrival');
        const lastUs = Math.max(0, ...arrivals.map(({ atUs }) => atUs));
        const { outcomes, endedUs } = run({
          ...one,
          queueLimit: 1000,
          maxLatencyMs: 60_000,
          world: { ...one.world, events: arrivals.map(withoutDeadline) },
        });
        expect([...outcomes.values()].every(({ outcome }) => outcome === 'ok')).toBe(true);
        // Each batch may wait anew, from when a worker is free for it.
        const waitUs = MAX_WAIT_US * (1 + imagesOf(one.world).length);
        const workUs = imagesOf(one.world).length * one.world.serviceUs(1, 0);
        expect(endedUs).toBeLessThanOrEqual(lastUs + waitUs + workUs);
      }),
    );
  });

  it('is deterministic: the same events give the same batches', () => {
    fc.assert(
      fc.property(cases, (one) => {
        expect(run(one).batches).toEqual(run(one).batches);
      }),
      { numRuns: 20 },
    );
  });
});

function withoutDeadline(event: WorldEvent): WorldEvent {
  if (event.kind !== 'arrival') return event;
  return { ...event, images: event.images.map((image) => ({ ...image, deadlineUs: 1e12 })) };
}
