import { describe, expect, it } from 'vitest';
import type { SchedulerEvent, WaitingImage } from '../../scheduler-event.js';
import { oneWorkerView } from '../one-worker-view.fixture.js';
import type { BatchPlan } from './batch-plan.js';
import { optimal } from './index.js';

const MS = 1000;
const FAR = 1e12;
const OPTIONS = { maxBatchSize: 4, maxWaitUs: 50 * MS, workers: 1 };
/** Wait with one, take two of more. */
const PLAN: BatchPlan = {
  origin: 'test',
  batchSizes: [[0, 0, 2, 2, 2, 4]],
  waitBudgetUs: 5 * MS,
  largest: 4,
};

const image = (id: number, arrivedMs: number, deadlineUs = FAR): WaitingImage => ({
  id,
  arrivedUs: arrivedMs * MS,
  deadlineUs,
});

const arrivalOf = (id: number, atUs: number): SchedulerEvent => ({
  kind: 'arrival',
  images: [{ id, arrivedUs: atUs, deadlineUs: FAR }],
  atUs,
});

/** A policy that knows its costs, follows the plan and has seen an image every 10 ms. */
function planned(plan = PLAN, costsMs = [10, 14, 18, 22]) {
  const policy = optimal(OPTIONS);
  policy.observe({ kind: 'costs', costsUs: costsMs.map((ms) => ms * MS), atUs: 0 });
  policy.observe({ kind: 'task-done', result: plan, atUs: 0 });
  for (let n = 0; n < 10; n++) policy.observe(arrivalOf(n, n * 10 * MS));
  return policy;
}

describe('following a plan', () => {
  it('takes what it says, and says so', () => {
    const { form, start } = planned().decide(
      oneWorkerView([image(11, 90), image(12, 90), image(13, 90)]),
      90 * MS,
    );
    expect(form).toEqual([
      {
        ids: [11, 12],
        reason: 'a worker is free and 3 wait; for this cost and rate 2 are best',
        rule: 'planned-part',
      },
    ]);
    expect(start).toEqual([{ batch: 1, worker: 0 }]);
  });

  it('waits as long as it says after the newest arrival, and no longer', () => {
    const policy = planned();
    const alone = oneWorkerView([image(11, 90)]);
    expect(policy.decide(alone, 90 * MS)).toEqual({ form: [], start: [], shed: [], wakeAtUs: 95 * MS });
    expect(policy.decide(alone, 95 * MS).form).toMatchObject([{ ids: [11], rule: 'waited' }]);
  });

  it('decides again after one mean gap at the latest, and may wait on', () => {
    const policy = planned({ ...PLAN, waitBudgetUs: 15 * MS });
    const alone = oneWorkerView([image(11, 90)]);
    expect(policy.decide(alone, 90 * MS).wakeAtUs).toBe(100 * MS);
    expect(policy.decide(alone, 100 * MS)).toMatchObject({ form: [], wakeAtUs: 105 * MS });
    expect(policy.decide(alone, 105 * MS).form).toMatchObject([{ ids: [11] }]);
  });

  it('never lets one wait longer than it may, though others keep coming', () => {
    const policy = planned();
    expect(policy.decide(oneWorkerView([image(11, 41)]), 90 * MS).wakeAtUs).toBe(91 * MS);
  });

  it('counts the wait of those who came while it was busy from when it is not', () => {
    const idle = { ...oneWorkerView([image(11, 20)]), idleSinceUs: 90 * MS };
    expect(planned().decide(idle, 90 * MS).wakeAtUs).toBe(95 * MS);
  });

  it('waits no longer than the first deadline allows', () => {
    expect(planned().decide(oneWorkerView([image(11, 90, 103 * MS)]), 90 * MS).wakeAtUs).toBe(93 * MS);
  });
});

describe('deadlines', () => {
  it('the earliest goes first', () => {
    const waiting = [image(11, 90), image(12, 90, 500 * MS), image(13, 90, 400 * MS)];
    expect(planned().decide(oneWorkerView(waiting), 90 * MS).form[0]?.ids).toEqual([13, 12]);
  });

  it('takes fewer where only these are on time', () => {
    const waiting = [image(11, 90, 102 * MS), image(12, 90), image(13, 90)];
    expect(planned().decide(oneWorkerView(waiting, [0]), 90.5 * MS).form).toMatchObject([
      { ids: [11], rule: 'deadline' },
    ]);
  });

  it('does not run what cannot be on time any more', () => {
    const policy = planned();
    const waiting = [image(11, 90, 180 * MS), image(12, 90), image(13, 90)];
    policy.decide(oneWorkerView(waiting, []), 90 * MS); // let in
    const { shed, form } = policy.decide(oneWorkerView(waiting), 175 * MS);
    expect(shed).toEqual([{ id: 11, code: 'deadline_exceeded' }]);
    expect(form).toMatchObject([{ ids: [12, 13] }]);
  });

  it('rejects at once what would be late from its place in the queue', () => {
    const policy = planned();
    const queue = Array.from({ length: 20 }, (_, n) => image(11 + n, 90, 190 * MS));
    // Batches of 4 take 22 ms: 100 ms, less a tenth in hand, are four of them.
    const { shed } = policy.decide(oneWorkerView(queue, []), 90 * MS);
    expect(shed.map(({ id }) => id)).toEqual([27, 28, 29, 30]);
    expect(new Set(shed.map(({ code }) => code))).toEqual(new Set(['shed']));
  });
});

describe('learning', () => {
  it('requests a plan once it knows costs and a rate, and not again until something moves', () => {
    const policy = planned();
    const request = policy.backgroundTask.next(100 * MS);
    expect(request).toMatchObject({
      costsUs: [10, 14, 18, 22].map((ms) => ms * MS),
      workers: 1,
      maxWaitUs: 50 * MS,
    });
    expect([...(request?.gapsUs ?? [])]).toEqual(new Array(9).fill(10 * MS));
    expect(policy.backgroundTask.next(101 * MS)).toBeUndefined();
  });

  it('requests a plan to start with as soon as it knows the costs, once, for a load that it assumes', () => {
    const policy = optimal(OPTIONS);
    policy.observe({ kind: 'costs', costsUs: [10, 14, 18, 22].map((ms) => ms * MS), atUs: 0 });
    // 60 % of 4 images in 22 ms.
    expect(policy.backgroundTask.next(0)).toMatchObject({
      meanGapUs: expect.closeTo((22 * MS) / 4 / 0.6, 6),
      gapsUs: new Float64Array(),
    });
    expect(policy.backgroundTask.next(MS)).toBeUndefined();
  });

  it('never wants to be woken at the same moment, though its first images came at one', () => {
    const policy = optimal(OPTIONS);
    policy.observe({ kind: 'costs', costsUs: [10, 14, 18, 22].map((ms) => ms * MS), atUs: 0 });
    policy.observe({ kind: 'task-done', result: PLAN, atUs: 0 });
    policy.observe({ kind: 'arrival', images: [image(1, 0), image(2, 0)], atUs: 0 });
    expect(policy.decide(oneWorkerView([image(2, 0)]), 0).wakeAtUs).toBe(5 * MS);
  });

  it('requests nothing before it knows the costs', () => {
    const policy = optimal(OPTIONS);
    policy.observe(arrivalOf(1, 0));
    policy.observe(arrivalOf(2, 1000));
    expect(policy.backgroundTask.next(2000)).toBeUndefined();
    expect(policy.decide(oneWorkerView([image(1, 0), image(2, 1)]), 2000).form[0]?.ids).toEqual([1, 2]);
  });

  it('fails on a result that is not a plan', () => {
    const policy = planned();
    expect(() => policy.observe({ kind: 'task-done', result: 5, atUs: 0 })).toThrow(TypeError);
  });

  it('learns from the batches that it started, and explains itself', () => {
    const policy = planned();
    for (let n = 0; n < 50; n++) {
      const nowUs = (100 + n * 100) * MS;
      policy.decide(oneWorkerView([image(11 + 2 * n, 0), image(12 + 2 * n, 0)]), nowUs);
      const times = { inferUs: 21 * MS, decodeUs: 4 * MS };
      policy.observe({ kind: 'batch-done', worker: 0, size: 2, ...times, atUs: nowUs + 28 * MS });
    }
    expect(policy.explain?.(0)).toMatchObject({
      plan: { origin: 'test', largest: 4 },
      // Half as much again as measured, 2 ms of decoding for each image, and 3 ms of overhead for each batch.
      batch_costs_ms: [20, 28, 36, 44].map((ms) => expect.closeTo(ms, 6)),
    });
  });
});
