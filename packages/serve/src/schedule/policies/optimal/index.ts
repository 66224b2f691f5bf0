import { type ErrorCode, usToMs } from '@servelab/core';
import type {
  BackgroundTask,
  BatchProposal,
  BatchReason,
  Policy,
  PolicyDecision,
  PolicyView,
} from '../../policy.js';
import type { SchedulerEvent, WaitingImage } from '../../scheduler-event.js';
import { startInOrder } from '../start-in-order.js';
import { Admission } from './admission.js';
import { ArrivalWindow } from './arrival-window.js';
import { type BatchPlan, isBatchPlan, plannedSize, waitEndUs } from './batch-plan.js';
import choosePlan, { type PlanRequest } from './choose-plan.js';
import { LearnedCosts } from './learned-costs.js';
import { PlanRequests, WARM_UP_REQUEST } from './plan-requests.js';
import { type Forecast, sizeOnTime } from './predicted-finish.js';
import { ReturningClients } from './returning-clients.js';

export interface OptimalOptions {
  readonly maxBatchSize: number;
  readonly maxWaitUs: number;
  readonly workers: number;
}

export interface OptimalPolicy extends Policy {
  readonly backgroundTask: BackgroundTask<PlanRequest, BatchPlan>;
}

/** Share of the time of a batch of one, over the workers: an arrival this soon after a result may be a returning client. */
const RETURN_SHARE = 0.2;

/** The plan until costs and arrivals are known: all waiting images, which is best for many models and good for all. */
const takeAll = (maxBatchSize: number): BatchPlan => ({
  origin: 'greedy',
  batchSizes: [Array.from({ length: maxBatchSize + 1 }, (_, waiting) => waiting)],
  waitBudgetUs: 0,
  largest: maxBatchSize,
});

/**
 * Learns what a batch costs and how images arrive, and follows the plan that is best for both. Batches are formed only when
 * a worker is free, earliest deadline first; an image that cannot be on time is not run.
 *
 * @param given a plan to follow as it is, for comparisons in which costs and arrivals are known
 */
export function optimal(
  { maxBatchSize, maxWaitUs, workers }: OptimalOptions,
  given?: BatchPlan,
): OptimalPolicy {
  const arrivals = new ArrivalWindow();
  const running = new Map<number, { size: number; startedUs: number }>();
  const admission = new Admission();
  const requests = new PlanRequests({ workers, maxWaitUs });
  let plan = given ?? takeAll(maxBatchSize);
  let costs: LearnedCosts | undefined;
  let returning: ReturningClients | undefined;
  let newestUs = Number.NEGATIVE_INFINITY;

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
      case 'task-done':
        if (!isBatchPlan(event.result)) throw new TypeError('the background task returned no batch plan');
        plan = event.result;
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
    const late = costs === undefined ? [] : admission.late(ordered, () => forecast(view, nowUs));
    const waiting = late.length === 0 ? ordered : ordered.filter((image) => !late.includes(image));
    const shed: { id: number; code: ErrorCode }[] = late.map(({ id }) => ({ id, code: 'shed' }));
    const form: BatchProposal[] = [];
    let idle = view.idleWorkers.length - view.formed.length;
    let next = 0;
    let wakeAtUs: number | undefined;
    while (idle > 0 && next < waiting.length) {
      const first = waiting[next] as WaitingImage;
      const left = waiting.length - next;
      let size = plannedSize(plan, idle, left);
      let reason = planned(size, left);
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
        reason = waited(size, nowUs - Math.max(oldestUs, idleSinceUs));
      }
      const onTime = sizeOnTime(size, first.deadlineUs, nowUs, costUs);
      if (onTime === 0) {
        shed.push({ id: first.id, code: 'deadline_exceeded' });
        next++;
        continue;
      }
      if (onTime < size) reason = onTimeOnly(onTime, size);
      form.push({ ids: waiting.slice(next, next + onTime).map(({ id }) => id), ...reason });
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

  const planBasis = () => {
    const { basis } = requests;
    if (basis === undefined) return null;
    return { batch_costs_ms: basis.costsUs.map(usToMs), mean_gap_ms: usToMs(basis.meanGapUs) };
  };

  const costUs = (size: number) => costs?.costUs(size) ?? 0;

  const forecast = ({ idleWorkers, busyWorkers, waiting }: PolicyView, nowUs: number): Forecast => ({
    nowUs,
    costUs,
    workers: idleWorkers.length + busyWorkers,
    runningEndsUs:
      idleWorkers.length > 0
        ? []
        : [...running.values()].map(({ size, startedUs }) => startedUs + costUs(size)),
    batchSize: Math.max(1, plannedSize(plan, 1, waiting.length)),
  });

  return {
    name: 'optimal',
    observe,
    decide,
    backgroundTask: {
      run: choosePlan,
      module: '@servelab/serve/choose-plan',
      warmUpInput: WARM_UP_REQUEST,
      next: (nowUs) =>
        costs === undefined || given !== undefined
          ? undefined
          : requests.next(nowUs, { costs, arrivals, returning }),
    },
    explain: (nowUs) => ({
      plan: {
        origin: plan.origin,
        take: plan.batchSizes,
        patience_ms: usToMs(plan.waitBudgetUs),
        largest: plan.largest,
      },
      batch_costs_ms: costs?.all().map(usToMs) ?? null,
      mean_gap_ms: finiteOrNull(usToMs(arrivals.meanGapUs(nowUs))),
      closed_loop_clients: returning?.loop()?.clients ?? null,
      planned_for: planBasis(),
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

function planned(size: number, waiting: number): BatchReason {
  if (waiting === 1) {
    return { reason: 'a worker is free and 1 waits; waiting for more does not pay', rule: 'planned-all' };
  }
  const free = `a worker is free and ${waiting} wait; for this cost and rate`;
  if (size === waiting) return { reason: `${free} all of them together are best`, rule: 'planned-all' };
  return { reason: `${free} ${size} ${size === 1 ? 'is' : 'are'} best`, rule: 'planned-part' };
}

const waited = (size: number, waitedUs: number): BatchReason => ({
  reason: `waited ${usToMs(waitedUs).toFixed(1)} ms for more images, which was expected to pay: ${size}`,
  rule: 'waited',
});

const onTimeOnly = (onTime: number, size: number): BatchReason => ({
  reason: `only ${onTime} of ${size} are ready by the first deadline`,
  rule: 'deadline',
});
