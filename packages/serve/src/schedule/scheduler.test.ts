import { describe, expect, it } from 'vitest';
import type { PolicyError, PolicyFault } from './check-decision.js';
import { greedy } from './policies/greedy.js';
import type { Policy, PolicyDecision, PolicyView } from './policy.js';
import { type Effects, Scheduler, type SchedulerOptions } from './scheduler.js';
import type { BatchTimes, SchedulerEvent, WaitingImage, WorkerLoss } from './scheduler-event.js';

const MS = 1000;
const LATE = 1000 * MS;
const NOTHING: PolicyDecision = { form: [], start: [], shed: [] };

const images = (ids: number[], arrivedUs = 0, deadlineUs = LATE) =>
  ids.map((id) => ({ id, arrivedUs, deadlineUs }));

function newScheduler(changes: Partial<SchedulerOptions> = {}): Scheduler {
  return new Scheduler({
    policy: greedy(4),
    maxBatchSize: 4,
    queueLimit: 6,
    maxWaitUs: 50 * MS,
    costUs: (size) => 10 * MS * size,
    ...changes,
  });
}

/** A policy whose decisions are given, and which records the events that it sees. */
function scripted(decide: (view: PolicyView, nowUs: number) => PolicyDecision) {
  const seen: SchedulerEvent[] = [];
  const policy: Policy = { name: 'scripted', observe: (event) => void seen.push(event), decide };
  return { policy, seen };
}

const arrive = (scheduler: Scheduler, images: readonly WaitingImage[], atUs: number) =>
  scheduler.handle({ kind: 'arrival', images, atUs });
const cancel = (scheduler: Scheduler, ids: readonly number[], atUs: number) =>
  handled(scheduler, { kind: 'cancelled', ids, atUs });
const workerReady = (scheduler: Scheduler, worker: number, atUs: number) =>
  handled(scheduler, { kind: 'worker-ready', worker, atUs });
const workerLost = (scheduler: Scheduler, worker: number, loss: WorkerLoss, atUs: number) =>
  handled(scheduler, { kind: 'worker-lost', worker, loss, atUs });
const tick = (scheduler: Scheduler, atUs: number) => handled(scheduler, { kind: 'tick', atUs });
const idle = (scheduler: Scheduler) => workerReady(scheduler, 0, 0);

/** Size and times are passed on to the policy; the scheduler knows the batch. */
const batchDone = (
  scheduler: Scheduler,
  worker: number,
  atUs: number,
  times: BatchTimes = { inferUs: 1, decodeUs: 0 },
) => handled(scheduler, { kind: 'batch-done', worker, size: 1, ...times, atUs });

function handled(scheduler: Scheduler, event: SchedulerEvent): Effects {
  const effects = scheduler.handle(event);
  if (effects === null) throw new Error('only an arrival finds the queue full');
  return effects;
}

describe('admission', () => {
  it('takes all images of a request or none, and counts formed batches but not running ones', () => {
    const scheduler = newScheduler();
    idle(scheduler);
    expect(arrive(scheduler, images([1, 2]), 0)?.started).toMatchObject([{ ids: [1, 2] }]);
    expect(arrive(scheduler, images([3, 4, 5, 6]), 0)).not.toBeNull();
    expect(arrive(scheduler, images([7, 8, 9]), 0)).toBeNull();
    expect(arrive(scheduler, images([7, 8]), 0)).not.toBeNull();
    expect(scheduler.queuedImages).toBe(6);
  });
});

describe('deadlines', () => {
  it('rejects an image whose deadline passes while it waits, and never runs it', () => {
    const scheduler = newScheduler();
    const waiting = arrive(scheduler, [...images([1], 0, 20 * MS), ...images([2])], 0);
    expect(waiting).toEqual({ started: [], rejected: [], wakeAtUs: 20 * MS });
    expect(tick(scheduler, 20 * MS).rejected).toEqual([{ id: 1, code: 'deadline_exceeded' }]);
    expect(workerReady(scheduler, 0, 30 * MS).started).toMatchObject([{ ids: [2] }]);
  });

  it('rejects it on the worker too, where the batch runs on for the others', () => {
    const scheduler = newScheduler();
    idle(scheduler);
    const started = arrive(scheduler, [...images([1], 0, 20 * MS), ...images([2])], 0);
    expect(started?.started).toMatchObject([{ ids: [1, 2] }]);
    expect(tick(scheduler, 25 * MS)).toMatchObject({ rejected: [{ id: 1 }], started: [] });
    expect(batchDone(scheduler, 0, 30 * MS)).toEqual({ started: [], rejected: [], wakeAtUs: undefined });
  });

  it('an early tick changes nothing and asks for the same moment again', () => {
    const scheduler = newScheduler();
    arrive(scheduler, images([1], 0, 20 * MS), 0);
    expect(tick(scheduler, 19 * MS)).toEqual({ started: [], rejected: [], wakeAtUs: 20 * MS });
  });
});

describe('the bound on waiting', () => {
  const lazy = () => scripted(() => ({ ...NOTHING, wakeAtUs: LATE })).policy;

  it('starts what has waited the longest allowed time while a worker is idle', () => {
    const scheduler = newScheduler({ policy: lazy() });
    idle(scheduler);
    expect(arrive(scheduler, images([1]), 0)?.wakeAtUs).toBe(50 * MS);
    expect(arrive(scheduler, images([2], 40 * MS), 40 * MS)?.wakeAtUs).toBe(50 * MS);
    expect(tick(scheduler, 50 * MS).started).toMatchObject([
      {
        ids: [1, 2],
        rule: 'max-wait',
        reason: 'an image has waited 50 ms, the longest allowed beside a free worker',
      },
    ]);
  });

  it('starts early enough for the nearest deadline: 45 ms less the 20 ms that two images need', () => {
    const scheduler = newScheduler({ policy: lazy() });
    idle(scheduler);
    arrive(scheduler, images([1]), 0);
    expect(arrive(scheduler, images([2], 0, 45 * MS), 0)?.wakeAtUs).toBe(25 * MS);
    expect(tick(scheduler, 25 * MS).started).toMatchObject([{ ids: [2, 1], rule: 'deadline' }]);
  });

  it('starts a formed batch that the policy left lying', () => {
    let formed = false;
    const { policy } = scripted((view) => {
      const form = formed ? [] : view.waiting.map(({ id }) => ({ ids: [id], reason: 'so', rule: 'r' }));
      formed ||= form.length > 0;
      return { ...NOTHING, form, wakeAtUs: LATE };
    });
    const scheduler = newScheduler({ policy });
    idle(scheduler);
    expect(arrive(scheduler, images([1]), 0)).toMatchObject({ started: [], wakeAtUs: 50 * MS });
    expect(tick(scheduler, 50 * MS).started).toMatchObject([{ ids: [1], rule: 'r' }]);
  });

  it('does not bind while no worker is idle', () => {
    const scheduler = newScheduler({ policy: lazy() });
    arrive(scheduler, images([1]), 0);
    expect(tick(scheduler, 90 * MS)).toMatchObject({ started: [], wakeAtUs: LATE });
  });
});

describe('cancellation', () => {
  it('takes an image out of the queue, and out of a formed batch', () => {
    const { policy, seen } = scripted((view) => ({
      ...NOTHING,
      form: view.waiting.length < 2 ? [] : [{ ids: view.waiting.map(({ id }) => id), reason: 'two' }],
      start: view.formed.slice(0, view.idleWorkers.length).map(({ id }, n) => ({
        batch: id,
        worker: view.idleWorkers[n] ?? -1,
      })),
      wakeAtUs: LATE,
    }));
    const scheduler = newScheduler({ policy });
    arrive(scheduler, images([1, 2]), 0);
    arrive(scheduler, images([3]), 0);
    cancel(scheduler, [1, 3, 99], 5);
    expect(scheduler.queuedImages).toBe(1);
    expect(seen.filter(({ kind }) => kind === 'cancelled')).toEqual([
      { kind: 'cancelled', ids: [1, 3], atUs: 5 },
    ]);
    expect(workerReady(scheduler, 0, 9).started).toMatchObject([{ ids: [2] }]);
  });

  it('of many images one by one costs no more than a few steps each', () => {
    const count = 100_000;
    const scheduler = newScheduler({ queueLimit: count });
    arrive(scheduler, images(Array.from({ length: count }, (_, id) => id)), 0);
    for (let id = count - 1; id > 0; id--) cancel(scheduler, [id], 1);
    expect(scheduler.queuedImages).toBe(1);
    expect(workerReady(scheduler, 0, 2).started).toMatchObject([{ ids: [0] }]);
  });
});

describe('a lost worker', () => {
  it('has its batch run again first, then image by image, so that the failing input fails alone', () => {
    const scheduler = newScheduler();
    idle(scheduler);
    arrive(scheduler, images([1, 2]), 0);
    arrive(scheduler, images([3]), 0);
    workerLost(scheduler, 0, { kind: 'ended' }, 10);
    expect(workerReady(scheduler, 0, 20).started).toMatchObject([{ ids: [1, 2], attempt: 2, rule: 'retry' }]);
    workerLost(scheduler, 0, { kind: 'ended' }, 30);
    expect(workerReady(scheduler, 0, 40).started).toMatchObject([{ ids: [1], attempt: 3 }]);
    const failed = workerLost(scheduler, 0, { kind: 'ended' }, 50);
    expect(failed.rejected).toEqual([{ id: 1, code: 'inference_failed' }]);
    expect(workerReady(scheduler, 0, 60).started).toMatchObject([{ ids: [2], attempt: 3 }]);
    expect(batchDone(scheduler, 0, 70).started).toMatchObject([{ ids: [3], attempt: 1 }]);
  });

  it('takes cancelled images with it', () => {
    const scheduler = newScheduler();
    idle(scheduler);
    arrive(scheduler, images([1, 2]), 0);
    cancel(scheduler, [1], 5);
    workerLost(scheduler, 0, { kind: 'ended' }, 10);
    expect(workerReady(scheduler, 0, 20).started).toMatchObject([{ ids: [2], attempt: 2 }]);
  });
});

describe('a worker lost to an image that took too long to decode', () => {
  const lost = (scheduler: Scheduler, image: number, suspects: number[], nowUs: number, worker = 0) =>
    workerLost(scheduler, worker, { kind: 'decode-timed-out', image, suspects }, nowUs);
  const ready = (scheduler: Scheduler, nowUs: number, worker = 0) =>
    workerReady(scheduler, worker, nowUs).started.map(({ ids }) => ids);
  const done = (scheduler: Scheduler, nowUs: number, worker = 0) =>
    batchDone(scheduler, worker, nowUs).started.map(({ ids }) => ids);

  it('splits the batch: first those of other requests, then who waits, suspects last', () => {
    const scheduler = newScheduler();
    arrive(scheduler, images([1, 2, 3, 4]), 0);
    expect(ready(scheduler, 0)).toEqual([[1, 2, 3, 4]]);
    arrive(scheduler, images([5, 6]), 5);
    expect(lost(scheduler, 2, [3, 6], 10).rejected).toEqual([{ id: 2, code: 'image_too_complex' }]);
    expect(scheduler.queuedImages).toBe(5);
    expect(ready(scheduler, 11)).toEqual([[1]]);
    expect(done(scheduler, 12)).toEqual([[4]]);
    // Image 6 waited and has been taken out, as it is of the same request as the one at fault.
    expect(done(scheduler, 13)).toEqual([[5]]);
    expect(done(scheduler, 14)).toEqual([[3]]);
    expect(done(scheduler, 15)).toEqual([[6]]);
    expect(done(scheduler, 16)).toEqual([]);
  });

  it('ahead of its batch: that one alone fails, the batch that ran runs again', () => {
    const scheduler = newScheduler();
    arrive(scheduler, images([1, 2]), 0);
    ready(scheduler, 0);
    arrive(scheduler, images([3, 4, 5]), 5);
    expect(scheduler.upcoming(2)).toEqual([3, 4]);
    expect(lost(scheduler, 4, [5], 10).rejected).toEqual([{ id: 4, code: 'image_too_complex' }]);
    expect(scheduler.upcoming(9)).toEqual([1, 2, 3]);
    expect(ready(scheduler, 11)).toEqual([[1, 2]]);
    expect(done(scheduler, 12)).toEqual([[3]]);
    expect(done(scheduler, 23)).toEqual([[5]]);
  });

  it('while no batch ran: the image fails all the same', () => {
    const scheduler = newScheduler();
    arrive(scheduler, images([1, 2]), 0);
    expect(lost(scheduler, 2, [], 10).rejected).toEqual([{ id: 2, code: 'image_too_complex' }]);
    expect(ready(scheduler, 11)).toEqual([[1]]);
  });

  it('is no try of the others: one that is lost again by another cause is still run once more', () => {
    const scheduler = newScheduler();
    arrive(scheduler, images([1, 2]), 0);
    ready(scheduler, 0);
    lost(scheduler, 1, [], 10);
    expect(ready(scheduler, 20)).toEqual([[2]]);
    expect(workerLost(scheduler, 0, { kind: 'ended' }, 30).rejected).toEqual([]);
    expect(ready(scheduler, 40)).toEqual([[2]]);
  });

  it('has no cancelled image run again', () => {
    const scheduler = newScheduler();
    arrive(scheduler, images([1, 2, 3, 4]), 0);
    ready(scheduler, 0);
    cancel(scheduler, [1, 3], 5);
    // The one at fault, a neighbour and a suspect have left.
    expect(lost(scheduler, 1, [3], 10).rejected).toEqual([]);
    expect(ready(scheduler, 20)).toEqual([[2]]);
    expect(done(scheduler, 21)).toEqual([[4]]);
    expect(done(scheduler, 22)).toEqual([]);
    expect(scheduler.queuedImages).toBe(0);
  });

  it('lets suspects have one worker at a time, however many there are', () => {
    const scheduler = newScheduler();
    arrive(scheduler, images([1, 2, 3, 4]), 0);
    expect(ready(scheduler, 0)).toEqual([[1, 2, 3, 4]]);
    expect(ready(scheduler, 0, 1)).toEqual([]);
    expect(lost(scheduler, 1, [2, 3, 4], 100).started).toMatchObject([{ ids: [2], worker: 1 }]);
    expect(ready(scheduler, 100)).toEqual([]);
    expect(arrive(scheduler, images([5], 110), 110)?.started).toMatchObject([{ ids: [5], worker: 0 }]);
    expect(done(scheduler, 120)).toEqual([]);
    expect(lost(scheduler, 2, [3, 4], 200, 1).started).toMatchObject([{ ids: [3], worker: 0 }]);
    expect(scheduler.queuedImages).toBe(1);
  });

  it('lets them have half of its time where others wait all the time', () => {
    const scheduler = newScheduler({ queueLimit: 100, policy: greedy(1) });
    arrive(scheduler, images([1, 2, 3]), 0);
    ready(scheduler, 0);
    arrive(scheduler, images([10, 11, 12, 13, 14], 0), 0);
    lost(scheduler, 1, [2, 3], 100);
    const ran = [ready(scheduler, 100)];
    for (let nowUs = 130; nowUs <= 220; nowUs += 30) ran.push(done(scheduler, nowUs));
    // Until 200, as long as the first one took, others go first.
    expect(ran.flat()).toEqual([[10], [11], [12], [13], [2]]);
    lost(scheduler, 2, [3], 320);
    expect(ready(scheduler, 320)).toEqual([[14]]);
    expect(done(scheduler, 350)).toEqual([[3]]);
  });

  it('reaches the policy as images that were cancelled, so that it does not wait for them', () => {
    const { policy, seen } = scripted(() => ({ ...NOTHING, wakeAtUs: LATE }));
    const scheduler = newScheduler({ policy });
    workerReady(scheduler, 0, 0);
    arrive(scheduler, images([1]), 0);
    expect(tick(scheduler, 50 * MS).started.map(({ ids }) => ids)).toEqual([[1]]);
    arrive(scheduler, images([2], 50 * MS), 50 * MS);
    lost(scheduler, 1, [2], 60 * MS);
    expect(seen.at(-1)).toEqual({ kind: 'cancelled', ids: [2], atUs: 60 * MS });
  });
});

it('a time-out splits the batch at once', () => {
  const scheduler = newScheduler();
  arrive(scheduler, images([1, 2]), 0);
  idle(scheduler);
  workerLost(scheduler, 0, { kind: 'timed-out' }, 10);
  expect(workerReady(scheduler, 0, 20).started).toMatchObject([{ ids: [1], attempt: 2, rule: 'retry' }]);
  expect(workerLost(scheduler, 0, { kind: 'timed-out' }, 30).rejected).toEqual([
    { id: 1, code: 'inference_failed' },
  ]);
  expect(workerReady(scheduler, 0, 40).started).toMatchObject([{ ids: [2], attempt: 2 }]);
});

describe('an invalid decision is rejected by name, and nothing of it is carried out', () => {
  const form = (ids: number[]) => ({ ids, reason: '' });
  it.each<[fault: PolicyFault, decision: Partial<PolicyDecision>]>([
    ['unknown-image', { form: [form([1, 77])] }],
    ['image-twice', { form: [form([1]), form([1])] }],
    ['image-twice', { form: [form([1])], shed: [{ id: 1, code: 'shed' }] }],
    ['empty-batch', { form: [form([])] }],
    ['oversize-batch', { form: [form([1, 2, 3, 4, 5])] }],
    ['unknown-batch', { start: [{ batch: 7, worker: 0 }] }],
    [
      'batch-twice',
      {
        form: [form([1])],
        start: [
          { batch: 1, worker: 0 },
          { batch: 1, worker: 1 },
        ],
      },
    ],
    ['busy-worker', { form: [form([1])], start: [{ batch: 1, worker: 5 }] }],
    [
      'busy-worker',
      {
        form: [form([1]), form([2])],
        start: [
          { batch: 1, worker: 0 },
          { batch: 2, worker: 0 },
        ],
      },
    ],
    ['unknown-code', { shed: [{ id: 1, code: 'boring' as 'shed' }] }],
    ['invalid-wake', { wakeAtUs: Number.NaN }],
    ['invalid-wake', { wakeAtUs: 0 }],
    ['missing-wake', {}],
    ['missing-wake', { form: [form([1, 2, 3])] }],
  ])('%s', (fault, decision) => {
    let isArmed = false;
    const { policy } = scripted(() => ({ ...NOTHING, ...(isArmed ? decision : { wakeAtUs: LATE }) }));
    const scheduler = newScheduler({ policy });
    workerReady(scheduler, 0, 0);
    workerReady(scheduler, 1, 0);
    arrive(scheduler, images([1, 2, 3, 4, 5]), 0);
    isArmed = true;
    expect(() => tick(scheduler, 0)).toThrowError(
      expect.objectContaining<Partial<PolicyError>>({ name: 'PolicyError', policy: 'scripted', fault }),
    );
    expect(scheduler.queuedImages).toBe(5);
  });
});

it('passes every event on to the policy, in order', () => {
  const { policy, seen } = scripted((view) => ({
    ...NOTHING,
    form: view.idleWorkers.length > 0 && view.waiting.length > 0 ? [{ ids: [1], reason: '' }] : [],
    start:
      view.idleWorkers.length > 0 && view.waiting.length > 0 ? [{ batch: view.nextBatchId, worker: 0 }] : [],
  }));
  const scheduler = newScheduler({ policy });
  workerReady(scheduler, 0, 1);
  arrive(scheduler, images([1], 2), 2);
  tick(scheduler, 3);
  batchDone(scheduler, 0, 4, { inferUs: 6000, decodeUs: 300 });
  expect(seen).toEqual([
    { kind: 'worker-ready', worker: 0, atUs: 1 },
    { kind: 'arrival', images: images([1], 2), atUs: 2 },
    { kind: 'tick', atUs: 3 },
    { kind: 'batch-done', worker: 0, size: 1, inferUs: 6000, decodeUs: 300, atUs: 4 },
  ]);
});

describe('the background task of a policy', () => {
  const taskOf = (next: (nowUs: number) => unknown) => ({ module: 'data:,', run: () => undefined, next });

  it('gives its inputs to the host, and gets a result as an event', () => {
    const { policy, seen } = scripted(() => NOTHING);
    const backgroundTask = taskOf((nowUs) => (nowUs < 10 ? `input of ${nowUs}` : undefined));
    const scheduler = newScheduler({ policy: { ...policy, backgroundTask } });
    expect([5, 10].map((nowUs) => scheduler.nextTaskInput(nowUs))).toEqual(['input of 5', undefined]);
    handled(scheduler, { kind: 'task-done', result: 7, atUs: 8 });
    expect(seen).toEqual([{ kind: 'task-done', result: 7, atUs: 8 }]);
  });

  it('that throws is a failure of the policy: greedy decides from then on', () => {
    const failures: string[] = [];
    const backgroundTask = taskOf(() => {
      throw new Error('no input');
    });
    const { policy } = scripted(() => NOTHING);
    const scheduler = newScheduler({
      policy: { ...policy, backgroundTask },
      policyFailed: ({ message }) => failures.push(message),
    });
    expect(scheduler.nextTaskInput(0)).toBeUndefined();
    expect(failures).toEqual(['no input']);
    expect(scheduler.policy.name).toBe('greedy');
  });
});
