import type { ErrorCode } from '@servelab/core';
import type { BatchProposal, Policy, PolicyDecision, PolicyView } from '../../policy.js';
import type { SchedulerEvent, WaitingImage } from '../../scheduler-event.js';
import { startInOrder } from '../start-in-order.js';
import { Admission } from './admission.js';
import { ArrivalWindow } from './arrival-window.js';
import { type BatchPlan, plannedTake, waitEndUs } from './batch-plan.js';
import { fastest } from './candidate-plans.js';
import type { PlanQuestion } from './choose-plan.js';
import { LearnedCosts } from './learned-costs.js';
import { type Outlook, sizeOnTime } from './predicted-finish.js';
import { type PlanBasis, shouldReplan } from './replan-rule.js';
import { ReturningClients } from './returning-clients.js';

export interface OptimalOptions {
  readonly maxBatchSize: number;
  readonly maxWaitUs: number;
  readonly workers: number;
}

/** An arrival within this share of a batch of one, and of the workers, after an answer may be a return. */
const RETURN_SHARE = 0.2;
/** How often it is looked whether the plan still fits: looking costs more than a decision. */
const LOOK_INTERVAL_US = 250_000;
/** Before, a rate is a guess. */
const FEWEST_ARRIVALS = 8;
/** Share of the capacity that is assumed until images arrive. */
const ASSUMED_LOAD = 0.6;

/** Before anything is known, what waits is taken: right for many, and never far off. */
const takeAll = (maxBatchSize: number): BatchPlan => ({
  origin: 'greedy',
  take: [Array.from({ length: maxBatchSize + 1 }, (_, waiting) => waiting)],
  patienceUs: 0,
  largest: maxBatchSize,
});

/**
 * Learns what a batch costs and how images arrive, and follows the plan that is best for both.
 * Batches are formed only when a worker is free, earliest deadline first; what cannot be on time is not run.
 *
 * @param given a plan to follow as it is, for comparisons in which costs and arrivals are known
 */
export function optimal({ maxBatchSize, maxWaitUs, workers }: OptimalOptions, given?: BatchPlan): Policy {
  const arrivals = new ArrivalWindow();
  const running = new Map<number, { size: number; startedUs: number }>();
  const admission = new Admission();
  let plan = given ?? takeAll(maxBatchSize);
  let costs: LearnedCosts | undefined;
  let returning: ReturningClients | undefined;
  let basis: PlanBasis | undefined;
  let newestUs = Number.NEGATIVE_INFINITY;
  let nextLookUs = Number.NEGATIVE_INFINITY;
  let askedFirst = false;

  function observe(event: SchedulerEvent): void {
    switch (event.kind) {
      case 'arrival':
        newestUs = event.atUs;
        for (let n = 0; n < event.images.length; n++) {
          arrivals.add(event.atUs);
          returning?.arrived(event.atUs);
        }
        return;
      case 'costs':
        costs = new LearnedCosts(event.costsUs);
        returning = new ReturningClients((RETURN_SHARE * costs.costUs(1)) / workers);
        return;
      case 'plan':
        plan = event.plan;
        return;
      case 'batch-done': {
        const begun = running.get(event.worker);
        running.delete(event.worker);
        returning?.answered(event.size, event.atUs);
        if (begun?.size === event.size) {
          costs?.observe({ ...event, occupiedUs: event.atUs - begun.startedUs });
        }
        return;
      }
      case 'worker-ready':
        running.delete(event.worker);
        return;
      case 'cancelled':
        for (let n = 0; n < event.ids.length; n++) returning?.left();
        return;
      case 'worker-lost':
      case 'tick':
        return;
    }
  }

  function decide(view: PolicyView, nowUs: number): PolicyDecision {
    const ordered = inDeadlineOrder(view.waiting);
    const late = costs === undefined ? [] : admission.late(ordered, () => outlook(view, nowUs));
    const waiting = late.length === 0 ? ordered : ordered.filter((image) => !late.includes(image));
    const shed: { id: number; code: ErrorCode }[] = late.map(({ id }) => ({ id, code: 'shed' }));
    const form: BatchProposal[] = [];
    let idle = view.idleWorkers.length - view.formed.length;
    let next = 0;
    let wakeAtUs: number | undefined;
    while (idle > 0 && next < waiting.length) {
      const first = waiting[next] as WaitingImage;
      const left = waiting.length - next;
      let size = plannedTake(plan, idle, left);
      let words = planned(size, left);
      if (size === 0) {
        const oldestUs = oldestOf(waiting, next);
        const slackUs = first.deadlineUs - costUs(Math.min(left, maxBatchSize));
        const { idleSinceUs } = view;
        const endUs = Math.min(waitEndUs(plan, { newestUs, oldestUs, idleSinceUs }, maxWaitUs), slackUs);
        if (nowUs < endUs) {
          // One mean gap at most: a rate that has changed meanwhile has changed the plan.
          const gapUs = arrivals.meanGapUs(nowUs);
          wakeAtUs = gapUs > 0 ? Math.min(endUs, nowUs + gapUs) : endUs;
          break;
        }
        size = Math.min(left, plan.largest);
        words = waited(size, nowUs - Math.max(oldestUs, idleSinceUs));
      }
      const onTime = sizeOnTime(size, first.deadlineUs, nowUs, costUs);
      if (onTime === 0) {
        shed.push({ id: first.id, code: 'deadline_exceeded' });
        next++;
        continue;
      }
      if (onTime < size) words = onTimeOnly(onTime, size);
      form.push({ ids: waiting.slice(next, next + onTime).map(({ id }) => id), ...words });
      next += onTime;
      idle--;
    }
    for (let n = 0; n < shed.length; n++) returning?.left();
    const start = startInOrder(view, form.length);
    for (const { batch, worker } of start) {
      const formed = form[batch - view.nextBatchId] ?? view.formed.find(({ id }) => id === batch);
      running.set(worker, { size: formed?.ids.length ?? 0, startedUs: nowUs });
    }
    return { form, start, shed, ...(wakeAtUs === undefined ? {} : { wakeAtUs }) };
  }

  const costUs = (size: number) => costs?.costUs(size) ?? 0;

  const outlook = ({ idleWorkers, busyWorkers, waiting }: PolicyView, nowUs: number): Outlook => ({
    nowUs,
    costUs,
    workers: idleWorkers.length + busyWorkers,
    runningEndsUs:
      idleWorkers.length > 0
        ? []
        : [...running.values()].map(({ size, startedUs }) => startedUs + costUs(size)),
    batchSize: Math.max(1, plannedTake(plan, 1, waiting.length)),
  });

  function question(nowUs: number): PlanQuestion | undefined {
    if (costs === undefined || given !== undefined || nowUs < nextLookUs) return undefined;
    if (arrivals.seen < FEWEST_ARRIVALS) return firstQuestion(costs.all());
    const meanGapUs = arrivals.meanGapUs(nowUs);
    if (!(meanGapUs > 0 && meanGapUs < Number.POSITIVE_INFINITY)) return undefined;
    nextLookUs = nowUs + LOOK_INTERVAL_US;
    const loop = returning?.loop();
    const costsUs = costs.all();
    const now = { costsUs, meanGapUs, clients: loop?.clients ?? 0, seen: arrivals.seen, atUs: nowUs };
    if (!shouldReplan(basis, now)) return undefined;
    basis = now;
    const gapsUs = arrivals.gapsUs(nowUs);
    return { costsUs, meanGapUs, gapsUs, workers, maxWaitUs, ...(loop === undefined ? {} : { loop }) };
  }

  /** The plan to start with, before the first image: the costs are known, the load is not. */
  function firstQuestion(costsUs: number[]): PlanQuestion | undefined {
    if (askedFirst) return undefined;
    askedFirst = true;
    const meanGapUs = 1 / (ASSUMED_LOAD * workers * fastest(costsUs).perUs);
    return { costsUs, meanGapUs, gapsUs: new Float64Array(), workers, maxWaitUs };
  }

  return {
    name: 'optimal',
    observe,
    decide,
    question,
    explain: (nowUs) => ({
      plan: {
        origin: plan.origin,
        take: plan.take,
        patience_ms: plan.patienceUs / 1000,
        largest: plan.largest,
      },
      batch_costs_ms: costs?.all().map((us) => us / 1000) ?? null,
      mean_gap_ms: finiteOrNull(arrivals.meanGapUs(nowUs) / 1000),
      closed_loop_clients: returning?.loop()?.clients ?? null,
      planned_for:
        basis === undefined
          ? null
          : { batch_costs_ms: basis.costsUs.map((us) => us / 1000), mean_gap_ms: basis.meanGapUs / 1000 },
    }),
  };
}

function oldestOf(waiting: readonly WaitingImage[], from: number): number {
  let oldestUs = Number.POSITIVE_INFINITY;
  for (let n = from; n < waiting.length; n++)
    oldestUs = Math.min(oldestUs, waiting[n]?.arrivedUs ?? oldestUs);
  return oldestUs;
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Earliest deadline first; of equal ones the older first. Mostly they are in that order already, and not copied. */
function inDeadlineOrder(waiting: readonly WaitingImage[]): readonly WaitingImage[] {
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const { deadlineUs } of waiting) {
    if (deadlineUs < lastUs) return [...waiting].sort((one, other) => one.deadlineUs - other.deadlineUs);
    lastUs = deadlineUs;
  }
  return waiting;
}

type Reason = Omit<BatchProposal, 'ids'>;

function planned(size: number, waiting: number): Reason {
  if (waiting === 1) {
    return { reason: 'a worker is free and 1 waits; waiting for more does not pay', rule: 'planned-all' };
  }
  const free = `a worker is free and ${waiting} wait; for this cost and rate`;
  if (size === waiting) return { reason: `${free} all of them together are best`, rule: 'planned-all' };
  return { reason: `${free} ${size} ${size === 1 ? 'is' : 'are'} best`, rule: 'planned-part' };
}

const waited = (size: number, waitedUs: number): Reason => ({
  reason: `waited ${(waitedUs / 1000).toFixed(1)} ms for company, as far as it was expected: ${size}`,
  rule: 'waited',
});

const onTimeOnly = (onTime: number, size: number): Reason => ({
  reason: `only ${onTime} of ${size} are ready by the first deadline`,
  rule: 'deadline',
});
