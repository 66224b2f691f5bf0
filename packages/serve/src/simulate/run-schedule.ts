import type { ErrorCode } from '@servelab/core';
import type { Effects, Scheduler, StartedBatch } from '../schedule/scheduler.js';
import type { EventOf, SchedulerEvent, WorkerLoss } from '../schedule/scheduler-event.js';

/** What comes from outside; the other events of the scheduler follow from that. */
export type WorldEvent =
  | EventOf<'arrival'>
  | EventOf<'cancelled'>
  /**
   * The worker dies with what it runs, and its successor is ready after `downUs`. `overran`: it was ended because it
   * decoded the first image for too long; the others that arrived with that one are suspected.
   */
  | {
      readonly atUs: number;
      readonly kind: 'lose-worker';
      readonly worker: number;
      readonly downUs: number;
      readonly overran?: boolean;
    };

export interface World {
  readonly workers: number;
  /**
   * Time that a worker needs for a batch.
   *
   * @param firstId its first image: where times scatter, the same image meets the same luck under every policy
   */
  readonly serviceUs: (size: number, firstId: number) => number;
  readonly events: readonly WorldEvent[];
}

interface RunBatch extends StartedBatch {
  readonly atUs: number;
}

export interface ScheduleRun {
  readonly batches: readonly RunBatch[];
  /** How each image ended, and when; an image without an entry was cancelled or is lost. */
  readonly outcomes: ReadonlyMap<number, { readonly atUs: number; readonly outcome: 'ok' | ErrorCode }>;
  readonly endedUs: number;
}

/** One step as seen from outside. */
export interface ScheduleStep {
  readonly effects: Effects;
  readonly nowUs: number;
  /** Workers that are up and without work after the effects. */
  readonly idleWorkers: number;
}

/** After this many steps an event a schedule is taken to spin. */
const MAX_STEPS_AN_EVENT = 1000;

/**
 * Runs a scheduler in simulated time until nothing is left to happen. Of things at one moment, batches end
 * first, then the world acts, then the scheduler's own tick comes: always the same run for the same arguments.
 *
 * @param watch sees every step
 */
export function runSchedule(
  scheduler: Scheduler,
  world: World,
  watch: (step: ScheduleStep) => void = () => {},
): ScheduleRun {
  const batches: RunBatch[] = [];
  const outcomes = new Map<number, { atUs: number; outcome: 'ok' | ErrorCode }>();
  const cancelled = new Set<number>();
  const running = new Map<number, { batch: StartedBatch; startUs: number; endUs: number }>();
  const returns: { atUs: number; worker: number }[] = [];
  const down = new Set<number>();
  const events = [...world.events].sort((one, other) => one.atUs - other.atUs);
  let nextEvent = 0;
  const mostSteps = MAX_STEPS_AN_EVENT * (events.length + world.workers + 1000);
  let wakeAtUs: number | undefined;
  let nowUs = 0;

  /** @returns whether the scheduler took it: false for an arrival that found the queue full */
  const handle = (event: SchedulerEvent): boolean => {
    const effects = scheduler.handle(event);
    if (effects === null) return false;
    for (const batch of effects.started) {
      batches.push({ ...batch, atUs: nowUs });
      const serviceUs = world.serviceUs(batch.ids.length, batch.ids[0] ?? 0);
      running.set(batch.worker, { batch, startUs: nowUs, endUs: nowUs + serviceUs });
    }
    for (const { id, code } of effects.rejected) outcomes.set(id, { atUs: nowUs, outcome: code });
    wakeAtUs = effects.wakeAtUs;
    const input = scheduler.nextTaskInput(nowUs);
    if (input !== undefined) {
      const result = scheduler.policy.backgroundTask?.run(input);
      handle({ kind: 'task-done', result, atUs: nowUs });
    }
    watch({ effects, nowUs, idleWorkers: world.workers - running.size - down.size });
    return true;
  };
  const finish = ({ batch, startUs }: { batch: StartedBatch; startUs: number }) => {
    running.delete(batch.worker);
    for (const id of batch.ids) {
      if (!cancelled.has(id) && !outcomes.has(id)) outcomes.set(id, { atUs: nowUs, outcome: 'ok' });
    }
    handle({
      kind: 'batch-done',
      worker: batch.worker,
      size: batch.ids.length,
      inferUs: nowUs - startUs,
      decodeUs: 0,
      atUs: nowUs,
    });
  };
  const firstToEnd = () => {
    let first: { batch: StartedBatch; startUs: number; endUs: number } | undefined;
    for (const one of running.values()) if (first === undefined || one.endUs < first.endUs) first = one;
    return first;
  };
  const act = (event: WorldEvent) => {
    switch (event.kind) {
      case 'arrival':
        if (handle(event)) return;
        for (const { id } of event.images) outcomes.set(id, { atUs: nowUs, outcome: 'queue_full' });
        return;
      case 'cancelled':
        for (const id of event.ids) cancelled.add(id);
        handle(event);
        return;
      case 'lose-worker': {
        if (down.has(event.worker)) return;
        down.add(event.worker);
        const image = event.overran ? running.get(event.worker)?.batch.ids[0] : undefined;
        running.delete(event.worker);
        returns.push({ atUs: nowUs + event.downUs, worker: event.worker });
        returns.sort((one, other) => one.atUs - other.atUs);
        const loss: WorkerLoss =
          image === undefined
            ? { kind: 'ended' }
            : { kind: 'decode-timed-out', image, suspects: arrivedWith(image, world) };
        handle({ kind: 'worker-lost', worker: event.worker, loss, atUs: nowUs });
        return;
      }
    }
  };

  for (let worker = 0; worker < world.workers; worker++) {
    handle({ kind: 'worker-ready', worker, atUs: nowUs });
  }
  for (let step = 0; ; step++) {
    if (step === mostSteps) throw new Error(`the schedule still runs after ${mostSteps} steps`);
    const ending = firstToEnd();
    const endUs = ending?.endUs ?? Number.POSITIVE_INFINITY;
    const returnUs = returns[0]?.atUs ?? Number.POSITIVE_INFINITY;
    const eventUs = events[nextEvent]?.atUs ?? Number.POSITIVE_INFINITY;
    const nextUs = Math.min(endUs, returnUs, eventUs, wakeAtUs ?? Number.POSITIVE_INFINITY);
    if (nextUs === Number.POSITIVE_INFINITY) return { batches, outcomes, endedUs: nowUs };
    nowUs = nextUs;
    const back = returnUs === nextUs ? returns.shift() : undefined;
    const event =
      back === undefined && endUs !== nextUs && eventUs === nextUs ? events[nextEvent++] : undefined;
    if (back !== undefined) {
      down.delete(back.worker);
      handle({ kind: 'worker-ready', worker: back.worker, atUs: nowUs });
    } else if (ending !== undefined && endUs === nextUs) finish(ending);
    else if (event !== undefined) act(event);
    else handle({ kind: 'tick', atUs: nowUs });
  }
}

function arrivedWith(image: number, { events }: World): number[] {
  for (const event of events) {
    const ids = event.kind === 'arrival' ? event.images.map(({ id }) => id) : [];
    if (ids.includes(image)) return ids.filter((id) => id !== image);
  }
  return [];
}
