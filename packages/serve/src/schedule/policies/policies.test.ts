import { describe, expect, it } from 'vitest';
import { runSchedule } from '../../simulate/run-schedule.js';
import { Scheduler } from '../scheduler.js';
import { createPolicy, type PolicyName } from './index.js';
import type { BatchPlan } from './optimal/batch-plan.js';
import { POLICY_OPTIONS } from './policy-options.fixture.js';

/**
 * One trace for all policies, so that their schedules can be laid side by side. Times in ms; one worker;
 * a batch of n takes 4 + 2n (6, 8, 10, 12); at most 4 images; window 5 ms.
 *
 *     image    1   2   3   4   5   6   7
 *     arrives  0   1   2   3   4  20  21      images 3 and 4 are of one request each, as are all
 */
const ARRIVALS_MS = [0, 1, 2, 3, 4, 20, 21];
const serviceMs = (size: number) => 4 + 2 * size;

function schedule(policy: PolicyName, plan?: BatchPlan) {
  const scheduler = new Scheduler({
    policy: createPolicy(policy, POLICY_OPTIONS),
    maxBatchSize: 4,
    queueLimit: 100,
    maxWaitUs: 50_000,
    costUs: () => 0,
  });
  if (plan !== undefined) scheduler.handle({ kind: 'task-done', result: plan, atUs: 0 });
  const { batches } = runSchedule(scheduler, {
    workers: 1,
    serviceUs: (size) => serviceMs(size) * 1000,
    events: ARRIVALS_MS.map((ms, n) => ({
      atUs: ms * 1000,
      kind: 'arrival',
      images: [{ id: n + 1, arrivedUs: ms * 1000, deadlineUs: 60_000_000 }],
    })),
  });
  return batches.map(({ atUs, ids, reason, formedUs }) => [formedUs / 1000, atUs / 1000, ids, reason]);
}

const ONE = 'a worker is free: one image at a time';

describe('schedules worked out by hand: [formed at, started at, images, reason]', () => {
  it('none: one by one, 6 ms each, back to back until all are served', () => {
    // 0+6=6, 12, 18, 24, 30, 36: 20 and 21 arrive while 4 and 5 still run or wait.
    expect(schedule('none')).toEqual([
      [0, 0, [1], ONE],
      [6, 6, [2], ONE],
      [12, 12, [3], ONE],
      [18, 18, [4], ONE],
      [24, 24, [5], ONE],
      [30, 30, [6], ONE],
      [36, 36, [7], ONE],
    ]);
  });

  it('greedy: the first image runs alone, then all that came meanwhile', () => {
    // 1 runs 0..6; 2-5 wait by then: a full batch 6..18; 6 arrives at 20 to a free worker, 20..26; then 7.
    expect(schedule('greedy')).toEqual([
      [0, 0, [1], 'a worker is free and 1 waits'],
      [6, 6, [2, 3, 4, 5], 'a worker is free and a full batch of 4 waits'],
      [20, 20, [6], 'a worker is free and 1 waits'],
      [26, 26, [7], 'a worker is free and 1 waits'],
    ]);
  });

  it('fixed-window: full at 3 ms; the windows of 5 and of 6 end while their images wait', () => {
    // The window opens at 0 and is full at 3: 3..15. Image 5 opens one at 4 that ends at 9, closed although
    // the worker is busy, and starts at 15. Image 6 opens one at 20, 7 joins at 21, it ends at 25.
    expect(schedule('fixed-window')).toEqual([
      [3, 3, [1, 2, 3, 4], 'the window is full: 4 images'],
      [9, 15, [5], 'the window of 5 ms ended with 1'],
      [25, 25, [6, 7], 'the window of 5 ms ended with 2'],
    ]);
  });

  it('slo-adaptive: its first eight batches learn what one costs, and take what waits as greedy does', () => {
    const learning = (dispatch: number, waiting: number) =>
      `learning what a batch costs: dispatch ${dispatch} of 8, with ${waiting} waiting`;
    expect(schedule('slo-adaptive')).toEqual([
      [0, 0, [1], learning(1, 1)],
      [6, 6, [2, 3, 4, 5], learning(2, 4)],
      [20, 20, [6], learning(3, 1)],
      [26, 26, [7], learning(4, 1)],
    ]);
  });

  it('optimal: before it knows anything it takes what waits', () => {
    const alone = 'a worker is free and 1 waits; waiting for more does not pay';
    expect(schedule('optimal')).toEqual([
      [0, 0, [1], alone],
      [
        6,
        6,
        [2, 3, 4, 5],
        'a worker is free and 4 wait; for this cost and rate all of them together are best',
      ],
      [20, 20, [6], alone],
      [26, 26, [7], alone],
    ]);
  });

  it('optimal: with a plan of two at most, alone while fewer than four wait', () => {
    // 1 runs 0..6; four wait by then: 2 and 3 run 6..14; two wait: 4 runs 14..20, 5 and 6 wait at 20: 5 runs 20..26,
    // then 6 to 32 and 7.
    const plan = { origin: 'test', batchSizes: [[0, 1, 1, 1, 2]], waitBudgetUs: 0, largest: 2 };
    const part = (waiting: number, size: number) =>
      `a worker is free and ${waiting} wait; for this cost and rate ${size} ${size === 1 ? 'is' : 'are'} best`;
    const alone = 'a worker is free and 1 waits; waiting for more does not pay';
    expect(schedule('optimal', plan)).toEqual([
      [0, 0, [1], alone],
      [6, 6, [2, 3], part(4, 2)],
      [14, 14, [4], part(2, 1)],
      [20, 20, [5], alone],
      [26, 26, [6], part(2, 1)],
      [32, 32, [7], alone],
    ]);
  });
});

describe('fixed-window', () => {
  const policy = () => createPolicy('fixed-window', POLICY_OPTIONS);
  const view = (arrivedMs: number[]) => ({
    waiting: arrivedMs.map((ms, n) => ({ id: n + 1, arrivedUs: ms * 1000, deadlineUs: 1e9 })),
    formed: [],
    idleWorkers: [0],
    idleSinceUs: 0,
    busyWorkers: 0,
    nextBatchId: 7,
  });

  it('closes a window late with those who came in time; a later image opens the next one', () => {
    expect(policy().decide(view([0, 5, 6]), 7000)).toEqual({
      form: [{ ids: [1, 2], reason: 'the window of 5 ms ended with 2', rule: 'window-ended' }],
      start: [{ batch: 7, worker: 0 }],
      shed: [],
      wakeAtUs: 11_000,
    });
  });

  it('counts images, not requests: one request of six is a full batch and a window with two', () => {
    const { form, start, wakeAtUs } = policy().decide(view([0, 0, 0, 0, 0, 0]), 0);
    expect(form.map(({ ids }) => ids)).toEqual([[1, 2, 3, 4]]);
    expect(start).toEqual([{ batch: 7, worker: 0 }]);
    expect(wakeAtUs).toBe(5000);
  });

  it('ticked early, waits on', () => {
    expect(policy().decide(view([0]), 4999)).toEqual({ form: [], start: [], shed: [], wakeAtUs: 5000 });
  });
});
