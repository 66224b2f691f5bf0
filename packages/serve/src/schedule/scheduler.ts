import type { ErrorCode } from '@servelab/core';
import { BatchCost } from './batch-cost.js';
import { GuardedPolicy } from './guarded-policy.js';
import { IdleWorkers } from './idle-workers.js';
import { type HeldBatch, ImageQueue } from './image-queue.js';
import { requeueLost } from './lost-batch.js';
import type { Policy, PolicyDecision } from './policy.js';
import type { EventOf, SchedulerEvent } from './scheduler-event.js';
import { SchedulerView } from './scheduler-view.js';
import { SuspectTurns } from './suspect-turns.js';
import { latestStart, type WaitBound } from './wait-bound.js';

export interface SchedulerOptions {
  readonly policy: Policy;
  /** Images. */
  readonly maxBatchSize: number;
  /** Images that may wait, formed batches included; those on a worker do not count. */
  readonly queueLimit: number;
  /** No image waits longer than this while a worker is idle, whatever the policy decides. */
  readonly maxWaitUs: number;
  /**
   * Expected time of a batch on a worker: how long before its deadline an image must start. By default it is
   * learned: from the event `costs`, and from the batches that run.
   */
  readonly costUs?: (size: number) => number;
  /**
   * Called when the policy throws or returns an invalid decision; from then on `greedy` decides, on the same queue.
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
  /** Images that get this error now; a result that still comes for them is ignored. */
  readonly rejected: readonly { readonly id: number; readonly code: ErrorCode }[];
  /** Send the event `tick` at this moment; replaces the moment of all earlier effects. None: no tick is needed. */
  readonly wakeAtUs: number | undefined;
}

type RunningBatch = HeldBatch & { readonly startedUs: number };

/**
 * Hosts a policy: keeps the queue, the batches and the workers, lets the policy decide after every event, and carries out
 * only valid decisions. No timers and no clock: time comes with each event and never runs backwards, so the server and the
 * simulator run the same schedule.
 *
 *     arrival ──> waiting ──form──> formed ──start──> running ──batch-done──> gone
 *                    │                 │                 │
 *                    └── cancelled, deadline, shed ──────┤ worker-lost ──> retries, suspects ──> running
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

  /** Whole seconds until what is queued now has been served at the recent pace; at least 1. */
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

  /**
   * The input with which the host should run the policy's background task now; undefined for none. Its result, if it has
   * one, is the event `task-done`.
   */
  nextTaskInput(nowUs: number): unknown {
    return this.#policy.nextTaskInput(nowUs);
  }

  /**
   * The only way in: every event comes here, and the policy then decides.
   *
   * @returns null for an arrival that the queue has no room for: none of its images was taken, and nothing has changed
   * @throws Error for the end of a batch that the worker was not given
   */
  handle(event: SchedulerEvent): Effects | null {
    switch (event.kind) {
      case 'arrival':
        return this.#arrive(event);
      case 'cancelled':
        return this.#cancel(event);
      case 'worker-ready':
        this.#idle.add(event.worker, event.atUs);
        break;
      case 'worker-lost':
        return this.#loseWorker(event);
      case 'batch-done':
        this.#endBatch(event);
        break;
      case 'costs':
        this.#cost = new BatchCost(event.costsUs);
        if (event.costsUs.length === 0) return this.#advance(event.atUs);
        break;
      case 'task-done':
      case 'tick':
        break;
    }
    this.#policy.observe(event);
    return this.#advance(event.atUs);
  }

  /** Takes all of these images or none of them. */
  #arrive(event: EventOf<'arrival'>): Effects | null {
    const { images, atUs } = event;
    if (this.queuedImages + images.length > this.#options.queueLimit) return null;
    for (const image of images) this.#queue.add(image);
    this.#policy.observe(event);
    return this.#advance(atUs);
  }

  /** Those on a worker run on, but are not retried. Unknown ids are ignored. */
  #cancel({ ids, atUs }: EventOf<'cancelled'>): Effects {
    this.#dropFromPolicy(
      ids.filter((id) => this.#queue.forget(id)),
      atUs,
    );
    return this.#advance(atUs);
  }

  #dropFromPolicy(ids: readonly number[], atUs: number): void {
    if (ids.length > 0) this.#policy.observe({ kind: 'cancelled', ids, atUs });
  }

  #endBatch({ worker, inferUs, atUs }: EventOf<'batch-done'>): void {
    const batch = this.#running.get(worker);
    if (batch === undefined) throw new Error(`worker ${worker} finished a batch that it was not given`);
    this.#running.delete(worker);
    this.#idle.add(worker, atUs);
    this.#cost.observe(batch.ids.length, inferUs, atUs - batch.startedUs);
    for (const id of batch.ids) this.#queue.forget(id);
  }

  #loseWorker(event: EventOf<'worker-lost'>): Effects {
    const { worker, loss, atUs } = event;
    this.#idle.remove(worker);
    const running = this.#running.get(worker);
    this.#running.delete(worker);
    this.#policy.observe(event);
    if (loss.kind === 'decode-timed-out') {
      this.#suspectTurns.overran(atUs - (running?.startedUs ?? atUs), atUs);
    }
    const { failed, withdrawn } = requeueLost(this.#queue, running, loss, atUs);
    this.#dropFromPolicy(withdrawn, atUs);
    return this.#advance(atUs, failed);
  }

  #advance(nowUs: number, rejections: Effects['rejected'] = []): Effects {
    const rejected = [...rejections, ...this.#expire(nowUs)];
    const started: StartedBatch[] = [];
    this.#startRetries(started, nowUs);
    this.#startSuspect(started, nowUs);
    const policyWakeUs = this.#runPolicy(nowUs, started, rejected);
    const boundUs = this.#enforceBound(nowUs, started);
    const suspectUs = this.#startSuspect(started, nowUs);
    const deadlineUs = this.#queue.earliestDeadline()?.deadlineUs ?? Number.POSITIVE_INFINITY;
    const wakeAtUs = Math.min(policyWakeUs, boundUs, suspectUs, deadlineUs);
    return { started, rejected, wakeAtUs: wakeAtUs === Number.POSITIVE_INFINITY ? undefined : wakeAtUs };
  }

  /** Late images get their error wherever they are; those that wait are never run. */
  #expire(nowUs: number): { id: number; code: ErrorCode }[] {
    let next = this.#queue.earliestDeadline();
    if (next === undefined || next.deadlineUs > nowUs) return [];
    const expired: { id: number; code: ErrorCode }[] = [];
    const queued: number[] = [];
    for (; next !== undefined && next.deadlineUs <= nowUs; next = this.#queue.earliestDeadline()) {
      if (this.#queue.forget(next.id)) queued.push(next.id);
      expired.push({ id: next.id, code: 'deadline_exceeded' });
    }
    this.#dropFromPolicy(queued, nowUs);
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

  /** @returns when the policy has to decide again; infinity for never */
  #runPolicy(nowUs: number, started: StartedBatch[], rejected: { id: number; code: ErrorCode }[]): number {
    const decision = this.#policy.decide(this.#view, this.#queue, nowUs);
    this.#carryOut(decision, nowUs, started, rejected);
    return decision.wakeAtUs ?? Number.POSITIVE_INFINITY;
  }

  #carryOut(
    decision: PolicyDecision,
    nowUs: number,
    started: StartedBatch[],
    rejected: { id: number; code: ErrorCode }[],
  ): void {
    for (const { id, code } of decision.shed) {
      this.#queue.forget(id);
      rejected.push({ id, code });
    }
    for (const { ids, reason, rule } of decision.form) this.#queue.form(ids, reason, rule ?? 'other', nowUs);
    for (const { batch, worker } of decision.start) this.#startFormed(batch, worker, started, nowUs);
  }

  /** @returns when the bound on waiting has to be checked again; infinity while it does not bind */
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
