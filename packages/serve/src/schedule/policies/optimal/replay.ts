import { type BatchPlan, plannedSize, waitEndUs } from './batch-plan.js';
import type { ClosedLoop } from './returning-clients.js';

export interface ReplayWorld {
  /** Of a batch of n at index n - 1, microseconds. */
  readonly costsUs: readonly number[];
  readonly workers: number;
  /** No image waits longer than this while a worker is idle. */
  readonly maxWaitUs: number;
}

/** Arrivals of a replay. */
interface Source {
  /** Moment of the next arrival; infinity where none is on its way. */
  next(): number;
  take(): void;
  answered(count: number, atUs: number): void;
}

/** Images. A longer queue shows that the plan cannot keep up: the replay ends there. */
const MAX_QUEUE = 2000;

/**
 * Mean time in the system of the images under a plan, microseconds: the result of the discrete-event simulator
 * (`simulate/`), for plans only and some fifty times as fast, since one choice needs dozens of replays.
 *
 * @param arrivalsUs moments of arrival, microseconds, ascending
 * @returns infinity where the queue grows without bound
 */
export function replayPlan(plan: BatchPlan, arrivalsUs: Float64Array, world: ReplayWorld): number {
  let at = 0;
  const source: Source = {
    next: () => (at < arrivalsUs.length ? (arrivalsUs[at] as number) : Number.POSITIVE_INFINITY),
    take: () => void at++,
    answered: () => {},
  };
  return replay(plan, source, arrivalsUs.length, world);
}

/** The same where each client sends its next request after a result. */
export function replayLoop(plan: BatchPlan, loop: ClosedLoop, images: number, world: ReplayWorld): number {
  const { clients, thinkUs } = loop;
  let thoughts = 0;
  const think = () => thinkUs[thoughts++ % thinkUs.length] ?? 0;
  /** Moments at which clients come, ascending. */
  const coming = Array.from({ length: clients }, think).sort((one, other) => one - other);
  const source: Source = {
    next: () => coming[0] ?? Number.POSITIVE_INFINITY,
    take: () => void coming.shift(),
    answered: (count, atUs) => {
      for (let n = 0; n < count; n++) coming.push(atUs + think());
      coming.sort((one, other) => one - other);
    },
  };
  return replay(plan, source, images, world);
}

function replay(plan: BatchPlan, source: Source, count: number, world: ReplayWorld): number {
  const { costsUs, workers, maxWaitUs } = world;
  const freeUs = new Float64Array(workers);
  const arrivedUs = new Float64Array(count);
  let nowUs = 0;
  let head = 0;
  /** Images that have arrived by now. */
  let arrived = 0;
  let totalUs = 0;
  /** Since when a worker has been idle without a break. */
  let idleSinceUs = 0;

  while (head < count) {
    for (let atUs = source.next(); atUs <= nowUs && arrived < count; atUs = source.next()) {
      arrivedUs[arrived++] = atUs;
      source.take();
    }
    const waiting = arrived - head;
    if (waiting > MAX_QUEUE) return Number.POSITIVE_INFINITY;
    let idle = 0;
    let idleWorker = -1;
    let nextFreeUs = Number.POSITIVE_INFINITY;
    for (let worker = workers - 1; worker >= 0; worker--) {
      const atUs = freeUs[worker] as number;
      if (atUs <= nowUs) {
        idle++;
        idleWorker = worker;
      } else if (atUs < nextFreeUs) nextFreeUs = atUs;
    }
    if (waiting === 0) {
      nowUs = source.next();
      continue;
    }
    if (idle === 0) {
      nowUs = nextFreeUs;
      idleSinceUs = nextFreeUs;
      continue;
    }
    const oldestUs = arrivedUs[head] as number;
    const newestUs = arrivedUs[arrived - 1] as number;
    let size = plannedSize(plan, idle, waiting);
    if (size === 0) {
      const endUs = waitEndUs(plan, { newestUs, oldestUs, idleSinceUs }, maxWaitUs);
      if (endUs > nowUs) {
        nowUs = Math.min(endUs, arrived < count ? source.next() : Number.POSITIVE_INFINITY, nextFreeUs);
        continue;
      }
      size = Math.min(waiting, plan.largest);
    }
    const doneUs = nowUs + (costsUs[size - 1] as number);
    freeUs[idleWorker] = doneUs;
    for (const end = head + size; head < end; head++) totalUs += doneUs - (arrivedUs[head] as number);
    source.answered(size, doneUs);
  }
  return totalUs / count;
}
