import { msToUs } from '@servelab/core';
import type { BatchProposal, BatchReason, Policy, PolicyDecision, PolicyView } from '../../policy.js';
import type { SchedulerEvent } from '../../scheduler-event.js';
import { startInOrder } from '../start-in-order.js';
import { DurationLine } from './duration-line.js';

/** BentoML polls every millisecond; our decisions are delayed to the same ticks. */
const POLL_US = 1000;
/** Fraction of the recent mean wait that is expected to be useful again. */
const WAIT_DECAY = 0.95;
/** The training of `controller`: number of dispatches, queue length from which it sheds, and batch size that it waits for. */
const TRAINING = [
  { dispatches: 8, required: 2, size: 1 },
  { dispatches: 1, required: 6, size: 1 },
  { dispatches: 1, required: 5, size: 2 },
  { dispatches: 1, required: 3, size: 3 },
] as const;

type Step = { kind: 'shed' } | { kind: 'wait'; untilUs: number } | { kind: 'dispatch'; reason: BatchReason };

/**
 * BentoML's `CorkDispatcher` (1.4.33, bentoml/_internal/marshal/dispatcher.py): a regression of duration over size, a wait
 * (cork) while co-batching is expected to pay, and requests that are predicted to miss their latency shed. As there, the
 * first eleven batches train it, and it waits for as many images as came in the past.
 *
 * Two differences: one dispatcher for all workers, which counts as locked while none is idle; and a worker that
 * becomes free is seen at once, not at the next of BentoML's polls.
 */
export function sloAdaptive(maxBatchSize: number, maxLatencyMs: number): Policy {
  const maxLatencyUs = msToUs(maxLatencyMs);
  const line = new DurationLine(maxLatencyUs);
  const running = new Map<number, { startedUs: number; waitUs: number; size: number }>();
  let phase = 0;
  let dispatched = 0;

  function observe(event: SchedulerEvent): void {
    if (event.kind === 'worker-ready') running.delete(event.worker);
    if (event.kind !== 'batch-done') return;
    const batch = running.get(event.worker);
    running.delete(event.worker);
    if (batch?.size === event.size)
      line.add(batch.size, batch.waitUs, event.atUs - batch.startedUs, event.atUs);
  }

  function decide(view: PolicyView, nowUs: number): PolicyDecision {
    const { waiting } = view;
    const form: BatchProposal[] = [];
    const shed: { id: number; code: 'shed' }[] = [];
    let idle = view.idleWorkers.length - view.formed.length;
    let wakeAtUs: number | undefined;
    for (let next = 0; next < waiting.length; ) {
      const oldest = waiting[next];
      const newest = waiting.at(-1);
      if (oldest === undefined || newest === undefined) break;
      const queue: Queue = {
        length: waiting.length - next,
        oldestUs: nowUs - oldest.arrivedUs,
        newestUs: nowUs - newest.arrivedUs,
      };
      const step = phase < TRAINING.length ? train(queue, idle > 0, nowUs) : steady(queue, idle > 0, nowUs);
      if (step.kind === 'wait') {
        if (Number.isFinite(step.untilUs)) wakeAtUs = step.untilUs;
        break;
      }
      if (step.kind === 'shed') {
        shed.push({ id: oldest.id, code: 'shed' });
        next++;
        continue;
      }
      const ids = waiting.slice(next, next + maxBatchSize).map(({ id }) => id);
      form.push({ ids, ...step.reason });
      const worker = view.idleWorkers[view.idleWorkers.length - idle];
      const training = phase < TRAINING.length;
      if (worker !== undefined) {
        running.set(worker, { startedUs: nowUs, waitUs: training ? 0 : queue.oldestUs, size: ids.length });
      }
      if (training) trained();
      next += ids.length;
      idle--;
    }
    return {
      form,
      start: startInOrder(view, form.length),
      shed,
      ...(wakeAtUs === undefined ? {} : { wakeAtUs }),
    };
  }

  /** `train_optimizer` */
  function train({ length, oldestUs }: Queue, isFree: boolean, nowUs: number): Step {
    const { dispatches, required, size: wanted } = TRAINING[phase] as (typeof TRAINING)[number];
    if (length > required - dispatched && oldestUs >= maxLatencyUs) return { kind: 'shed' };
    const size = Math.min(wanted, maxBatchSize);
    if (size > 1 && length < size) {
      const waitBudgetUs = Math.min(maxLatencyUs * 0.95, line.durationUs(2 * size + 1));
      const leftUs = waitBudgetUs - line.durationUs(size) - oldestUs;
      if (leftUs >= 0) return { kind: 'wait', untilUs: nowUs + pollAfter(leftUs) };
    }
    if (!isFree) return { kind: 'wait', untilUs: Number.POSITIVE_INFINITY };
    const reason = `learning what a batch costs: dispatch ${dispatched + 1} of ${dispatches}, with ${length} waiting`;
    return { kind: 'dispatch', reason: { reason, rule: 'training' } };
  }

  function trained(): void {
    dispatched++;
    if (dispatched < (TRAINING[phase]?.dispatches ?? 0)) return;
    dispatched = 0;
    phase++;
    if (phase > 1) line.refresh();
  }

  /** `controller` */
  function steady({ length, oldestUs, newestUs }: Queue, isFree: boolean, nowUs: number): Step {
    const missInUs = maxLatencyUs - oldestUs - line.durationUs(length);
    if (length > 1 && missInUs <= 0) return { kind: 'shed' };
    if (!isFree) {
      const missAloneInUs = maxLatencyUs - oldestUs;
      if (length === 1 && missAloneInUs <= 0) return { kind: 'shed' };
      return { kind: 'wait', untilUs: nowUs + Math.max(POLL_US, length > 1 ? missInUs : missAloneInUs) };
    }
    if (length < maxBatchSize) {
      // n (wn + dt + a) <= 0.95 wait, solved for the moment at which it stops to hold.
      const corkUs = (line.waitUs * WAIT_DECAY) / length - newestUs - POLL_US - line.perImageUs;
      if (corkUs >= 0) return { kind: 'wait', untilUs: nowUs + pollAfter(corkUs) };
    }
    const paid = length >= maxBatchSize ? 'the batch is full' : 'waiting for more is not expected to pay';
    return {
      kind: 'dispatch',
      reason: {
        reason: `a worker is free and ${length} wait; ${paid}`,
        rule: length >= maxBatchSize ? 'full' : 'uncorked',
      },
    };
  }

  return {
    name: 'slo-adaptive',
    observe,
    decide,
    explain: () => ({
      phase: phase < TRAINING.length ? `training ${phase + 1} of ${TRAINING.length}` : 'trained',
      per_image_ms: line.perImageUs / 1000,
      fixed_ms: line.fixedUs / 1000,
      mean_wait_ms: line.waitUs / 1000,
    }),
  };
}

interface Queue {
  readonly length: number;
  readonly oldestUs: number;
  readonly newestUs: number;
}

/** The first poll after so long; never now. */
const pollAfter = (us: number): number => (Math.floor(us / POLL_US) + 1) * POLL_US;
