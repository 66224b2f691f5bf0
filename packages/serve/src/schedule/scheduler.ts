import { type ErrorCode, msToUs } from '@servelab/core';
import { BatchCost } from './batch-cost.js';
import { GuardedPolicy } from './guarded-policy.js';
import { IdleWorkers } from './idle-workers.js';
import { type HeldBatch, ImageQueue } from './image-queue.js';
import type { BatchPlan } from './policies/optimal/batch-plan.js';
import type { PlanQuestion } from './policies/optimal/choose-plan.js';
import type { BatchTimes, Policy, PolicyDecision, WaitingImage } from './policy.js';
import { nextAttempts, partedByOverrun, type WorkerLoss } from './retry.js';
import { SchedulerView } from './scheduler-view.js';
import { SuspectTurns } from './suspect-turns.js';
import { latestStart, type WaitBound } from './wait-bound.js';

export interface SchedulerOptions {
  readonly policy: Policy;
  /** Images. */
  readonly maxBatchSize: number;
  /** Images that may wait, formed batches included; those on a worker do not count. */
  readonly queueLimit: number;
  /** No image waits longer than this beside an idle worker, whatever the policy says. */
  readonly maxWaitUs: number;
  /**
   * Expected time of a batch on a worker: how long before its deadline an image must start. By default it is
   * learned: from `costsMeasured`, and from the batches that run.
   */
  readonly costUs?: (size: number) => number;
  /**
   * Told when the policy throws or decides the impossible; from then on `greedy` decides, on the same queue.
   * Without it the failure is thrown.
   */
  readonly policyFailed?: (failure: Error) => void;
}

/** A batch to hand to a worker now. */
export interface StartedBatch {
  readonly id: number;
  readonly worker: number;
  readonly ids: readonly number[];
  readonly reason: string;
  readonly rule: string;
  readonly formedUs: number;
  /** 1, or more when a worker was lost with these images before, and one of them may be why. */
  readonly attempt: number;
}

/** What the host has to do after an event. */
export interface Effects {
  readonly started: readonly StartedBatch[];
  /** Images that get this error now and whose result, should one still come, nobody wants. */
  readonly refused: readonly { readonly id: number; readonly code: ErrorCode }[];
  /** Call `tick` at this moment; replaces the moment of all earlier effects. None: no tick is needed. */
  readonly wakeAtUs: number | undefined;
}

type RunningBatch = HeldBatch & { readonly startedUs: number };

/**
 * Hosts a policy: keeps the queue, the batches and the workers, asks the policy after every event, and
 * carries out only what is possible. No timers and no clock: time comes with each call and never runs
 * backwards, so the server and the simulator run the same schedule.
 *
 *     arrive ──> waiting ──form──> formed ──start──> running ──batchDone──> gone
 *                   │                 │                 │
 *                   └── cancel, deadline, shed ─────────┤ workerLost ──> retries, suspects ──> running
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #bound: Omit<WaitBound, 'idleSinceUs'>;
  readonly #queue = new ImageQueue();
  readonly #idle = new IdleWorkers();
  readonly #running = new Map<number, RunningBatch>();
  readonly #view = new SchedulerView(this.#queue, this.#idle, this.#running);
  readonly #suspectTurns = new SuspectTurns();
  readonly #policy: GuardedPolicy;
  #cost = new BatchCost([0]);

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#policy = new GuardedPolicy(options.policy, options.maxBatchSize, options.policyFailed);
    const costUs = options.costUs ?? ((size: number) => this.#cost.batchUs(size));
    this.#bound = { maxWaitUs: options.maxWaitUs, costUs };
  }

  /** The policy that decides now: the one given, or `greedy` after it failed. */
  get policy(): Policy {
    return this.#policy.current;
  }

  /** Whole seconds until what is queued now has been served at the pace of late; at least 1. */
  drainS(workers: number): number {
    return this.#cost.drainS(this.queuedImages, workers);
  }

  /** Images waiting, in formed batches and in retries; not those on a worker. */
  get queuedImages(): number {
    return this.#queue.queuedImages;
  }

  /** The queued images that are likely to run next, at most so many: worth preparing. */
  upcoming(count: number): readonly number[] {
    return this.#queue.upcoming(count);
  }

  /** @param inferMs of a batch of n at index n - 1, as measured at warm-up */
  costsMeasured(inferMs: readonly number[], nowUs: number): Effects {
    this.#cost = new BatchCost(inferMs);
    const costsUs = inferMs.map(msToUs);
    if (costsUs.length > 0) this.#policy.observe({ kind: 'costs', costsUs, atUs: nowUs });
    return this.#settle(nowUs);
  }

  /** What the policy wants worked out off the hot path; its answer goes to `planned`. */
  question(nowUs: number): PlanQuestion | undefined {
    return this.#policy.question(nowUs);
  }

  planned(plan: BatchPlan, nowUs: number): Effects {
    this.#policy.observe({ kind: 'plan', plan, atUs: nowUs });
    return this.#settle(nowUs);
  }

  /**
   * Takes all of these images or none of them.
   *
   * @param images their ids are new and their `arrivedUs` is `nowUs`
   * @returns null when the queue has no room for all of them
   */
  arrive(images: readonly WaitingImage[], nowUs: number): Effects | null {
    if (this.queuedImages + images.length > this.#options.queueLimit) return null;
    for (const image of images) {
      this.#queue.add(image);
      this.#policy.observe({ kind: 'arrival', id: image.id, atUs: nowUs });
    }
    return this.#settle(nowUs);
  }

  /** Nobody wants these any more. Those on a worker run on, but are not retried. Unknown ids are ignored. */
  cancel(ids: readonly number[], nowUs: number): Effects {
    for (const id of ids) {
      if (this.#queue.forget(id)) this.#policy.observe({ kind: 'cancelled', id, atUs: nowUs });
    }
    return this.#settle(nowUs);
  }

  /** A worker that the scheduler does not know, or knew and lost, can take work. */
  workerReady(worker: number, nowUs: number): Effects {
    this.#idle.add(worker, nowUs);
    this.#policy.observe({ kind: 'worker-free', worker, atUs: nowUs });
    return this.#settle(nowUs);
  }

  batchDone(worker: number, { inferUs, decodeUs }: BatchTimes, nowUs: number): Effects {
    const batch = this.#running.get(worker);
    if (batch === undefined) throw new Error(`worker ${worker} finished a batch that it was not given`);
    this.#running.delete(worker);
    this.#idle.add(worker, nowUs);
    this.#cost.observe(batch.ids.length, inferUs, nowUs - batch.startedUs);
    for (const id of batch.ids) this.#queue.forget(id);
    this.#policy.observe({
      kind: 'batch-done',
      worker,
      size: batch.ids.length,
      inferUs,
      decodeUs,
      atUs: nowUs,
    });
    this.#policy.observe({ kind: 'worker-free', worker, atUs: nowUs });
    return this.#settle(nowUs);
  }

  /** The worker is gone, and its batch with it; what is left of that is tried again (see `retry.ts`). */
  workerLost(worker: number, loss: WorkerLoss, nowUs: number): Effects {
    this.#idle.remove(worker);
    const running = this.#running.get(worker);
    this.#running.delete(worker);
    const refused =
      loss.kind === 'decode-timed-out'
        ? this.#partFrom(running, loss, nowUs)
        : this.#retry(running, loss.kind, nowUs);
    for (const { id } of refused) this.#queue.forget(id);
    return this.#settle(nowUs, refused);
  }

  #retry(batch: RunningBatch | undefined, kind: 'ended' | 'timed-out', nowUs: number): Effects['refused'] {
    if (batch === undefined) return [];
    const ids = batch.ids.filter((id) => this.#isWanted(id));
    const attempts = nextAttempts({ ids, attempt: batch.attempt }, kind);
    for (const next of attempts) {
      const reason = `a worker was lost with the batch: attempt ${next.attempt}`;
      this.#queue.retry({ ...next, reason, rule: 'retry', formedUs: nowUs });
    }
    return attempts.length > 0 ? [] : ids.map((id) => ({ id, code: 'inference_failed' }));
  }

  /** Whoever has left is not tried again. */
  #isWanted(id: number): boolean {
    return this.#queue.imageOf(id) !== undefined;
  }

  /**
   * One image took too long to decode, of the batch or ahead of its own. It has failed; the others of the batch run again,
   * and suspects later.
   */
  #partFrom(
    batch: RunningBatch | undefined,
    loss: Extract<WorkerLoss, { kind: 'decode-timed-out' }>,
    nowUs: number,
  ): Effects['refused'] {
    this.#suspectTurns.overran(nowUs - (batch?.startedUs ?? nowUs), nowUs);
    const held = { rule: 'retry', formedUs: nowUs };
    const ids = batch?.ids.filter((id) => id === loss.image || this.#isWanted(id)) ?? [];
    const { innocent, suspected } = partedByOverrun({ ids, attempt: batch?.attempt ?? 1 }, loss);
    for (const next of innocent) {
      const reason = 'another image of its batch took too long to decode';
      this.#queue.retry({ ...next, ...held, reason });
    }
    const queued = loss.suspects.filter((id) => this.#queue.isQueued(id) && !this.#queue.isSuspected(id));
    for (const id of queued) {
      if (this.#queue.isWaiting(id)) this.#policy.observe({ kind: 'cancelled', id, atUs: nowUs });
    }
    for (const next of [...suspected, ...queued.map((id) => ({ ids: [id], attempt: 1 }))]) {
      const reason = 'another image of its request took too long to decode';
      this.#queue.suspect({ ...next, ...held, reason });
    }
    if (!this.#isWanted(loss.image)) return [];
    if (this.#queue.isWaiting(loss.image))
      this.#policy.observe({ kind: 'cancelled', id: loss.image, atUs: nowUs });
    return [{ id: loss.image, code: 'image_too_complex' }];
  }

  /** The moment of the last effects has come, or any other: an early or late tick does no harm. */
  tick(nowUs: number): Effects {
    this.#policy.observe({ kind: 'tick', atUs: nowUs });
    return this.#settle(nowUs);
  }

  #settle(nowUs: number, refusals: Effects['refused'] = []): Effects {
    const refused = [...refusals, ...this.#expire(nowUs)];
    const started: StartedBatch[] = [];
    this.#startRetries(started, nowUs);
    this.#startSuspect(started, nowUs);
    const policyWakeUs = this.#askPolicy(nowUs, started, refused);
    const boundUs = this.#enforceBound(nowUs, started);
    const suspectUs = this.#startSuspect(started, nowUs);
    const deadlineUs = this.#queue.earliestDeadline()?.deadlineUs ?? Number.POSITIVE_INFINITY;
    const wakeAtUs = Math.min(policyWakeUs, boundUs, suspectUs, deadlineUs);
    return { started, refused, wakeAtUs: wakeAtUs === Number.POSITIVE_INFINITY ? undefined : wakeAtUs };
  }

  /** Late images are told so wherever they are; those that wait are never run. */
  #expire(nowUs: number): { id: number; code: ErrorCode }[] {
    const expired: { id: number; code: ErrorCode }[] = [];
    for (
      let next = this.#queue.earliestDeadline();
      next !== undefined;
      next = this.#queue.earliestDeadline()
    ) {
      if (next.deadlineUs > nowUs) break;
      if (this.#queue.forget(next.id)) this.#policy.observe({ kind: 'cancelled', id: next.id, atUs: nowUs });
      expired.push({ id: next.id, code: 'deadline_exceeded' });
    }
    return expired;
  }

  #startRetries(started: StartedBatch[], nowUs: number): void {
    if (!this.#queue.hasRetries) return;
    for (const worker of this.#idle.workers) {
      const batch = this.#queue.takeRetry();
      if (batch === undefined) return;
      started.push(this.#run(batch, worker, nowUs));
    }
  }

  /** @returns when the next suspect may start; infinity while none waits, none may, or no worker is idle */
  #startSuspect(started: StartedBatch[], nowUs: number): number {
    const suspects = this.#queue.suspectedImages;
    if (suspects === 0) return Number.POSITIVE_INFINITY;
    const [worker] = this.#idle.workers;
    if (worker === undefined) return Number.POSITIVE_INFINITY;
    for (const { isSuspect } of this.#running.values()) if (isSuspect) return Number.POSITIVE_INFINITY;
    const turnUs = this.#suspectTurns.nextUs(this.#queue.queuedImages > suspects, nowUs);
    if (turnUs > nowUs) return turnUs;
    const batch = this.#queue.takeSuspect();
    if (batch !== undefined) started.push(this.#run(batch, worker, nowUs));
    return Number.POSITIVE_INFINITY;
  }

  /** @returns when the policy wants to be asked again; infinity for never */
  #askPolicy(nowUs: number, started: StartedBatch[], refused: { id: number; code: ErrorCode }[]): number {
    const decision = this.#policy.decide(this.#view, this.#queue, nowUs);
    this.#carryOut(decision, nowUs, started, refused);
    return decision.wakeAtUs ?? Number.POSITIVE_INFINITY;
  }

  #carryOut(
    decision: PolicyDecision,
    nowUs: number,
    started: StartedBatch[],
    refused: { id: number; code: ErrorCode }[],
  ): void {
    for (const { id, code } of decision.shed) {
      this.#queue.forget(id);
      refused.push({ id, code });
    }
    for (const { ids, reason, rule } of decision.form) this.#queue.form(ids, reason, rule ?? 'other', nowUs);
    for (const { batch, worker } of decision.start) this.#startFormed(batch, worker, started, nowUs);
  }

  /** @returns when the bound on waiting asks for the next look; infinity while it does not bind */
  #enforceBound(nowUs: number, started: StartedBatch[]): number {
    if (this.#queue.queuedImages === 0) return Number.POSITIVE_INFINITY;
    for (const worker of this.#idle.workers) {
      if (this.#queue.queuedImages === 0) break;
      const urgent = latestStart(
        this.#queue.waiting(),
        this.#queue.formed,
        (id) => this.#queue.imageOf(id),
        this.#options.maxBatchSize,
        { ...this.#bound, idleSinceUs: this.#idle.sinceUs },
      );
      if (urgent === undefined) break;
      if (urgent.atUs > nowUs) return urgent.atUs;
      const id = urgent.batch ?? this.#queue.form(urgent.ids, urgent.reason, urgent.rule, nowUs);
      this.#startFormed(id, worker, started, nowUs);
    }
    return Number.POSITIVE_INFINITY;
  }

  #startFormed(id: number, worker: number, started: StartedBatch[], nowUs: number): void {
    const batch = this.#queue.takeFormed(id);
    if (batch !== undefined) started.push(this.#run(batch, worker, nowUs));
  }

  #run(batch: HeldBatch, worker: number, startedUs: number): StartedBatch {
    this.#idle.remove(worker);
    this.#running.set(worker, { ...batch, startedUs });
    return { ...batch, worker };
  }
}
