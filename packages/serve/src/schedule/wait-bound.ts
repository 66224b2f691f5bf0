import type { FormedBatch } from './policy.js';
import type { WaitingImage } from './scheduler-event.js';

export interface WaitBound {
  readonly maxWaitUs: number;
  /** Since when a worker has been idle: waits count from here. */
  readonly idleSinceUs: number;
  /** Expected time of a batch on a worker. */
  readonly costUs: (size: number) => number;
}

/** What must start, and when at the latest, although the policy lets it wait while a worker is idle. */
export interface UrgentStart {
  readonly atUs: number;
  /** A formed batch, or none: then form `ids`. */
  readonly batch: number | undefined;
  readonly ids: readonly number[];
  readonly reason: string;
  readonly rule: 'max-wait' | 'deadline';
}

interface Urgency {
  readonly atUs: number;
  readonly rule: 'max-wait' | 'deadline';
}

/**
 * The earliest moment at which waiting has to end: an image starts when it has waited `maxWaitUs` while a worker was idle,
 * or when the time left until its deadline is just what its batch needs. Reads every image, which is cheap: it is called
 * only while a worker is idle, and then few wait.
 */
export function latestStart(
  waiting: readonly WaitingImage[],
  formed: readonly FormedBatch[],
  imageOf: (id: number) => WaitingImage | undefined,
  maxBatchSize: number,
  bound: WaitBound,
): UrgentStart | undefined {
  let urgent: UrgentStart | undefined;
  for (const { id, ids } of formed) {
    const images = ids.map(imageOf).filter((image) => image !== undefined);
    const { atUs, rule } = mostUrgent(images, ids.length, bound);
    if (atUs < (urgent?.atUs ?? Number.POSITIVE_INFINITY)) {
      urgent = { atUs, batch: id, ids, rule, reason: reasonFor(rule, bound) };
    }
  }
  if (waiting.length === 0) return urgent;
  const size = Math.min(waiting.length, maxBatchSize);
  const { atUs, rule } = mostUrgent(waiting, size, bound);
  if (atUs >= (urgent?.atUs ?? Number.POSITIVE_INFINITY)) return urgent;
  const ids = [...waiting]
    .sort((one, other) => urgency(one, size, bound).atUs - urgency(other, size, bound).atUs)
    .slice(0, size)
    .map(({ id }) => id);
  return { atUs, batch: undefined, ids, rule, reason: reasonFor(rule, bound) };
}

function mostUrgent(images: readonly WaitingImage[], size: number, bound: WaitBound): Urgency {
  let most: Urgency = { atUs: Number.POSITIVE_INFINITY, rule: 'max-wait' };
  for (const image of images) {
    const one = urgency(image, size, bound);
    if (one.atUs < most.atUs) most = one;
  }
  return most;
}

function urgency(image: WaitingImage, size: number, { maxWaitUs, idleSinceUs, costUs }: WaitBound): Urgency {
  const byWaitUs = Math.max(image.arrivedUs, idleSinceUs) + maxWaitUs;
  const byDeadlineUs = image.deadlineUs - costUs(size);
  return byDeadlineUs < byWaitUs
    ? { atUs: byDeadlineUs, rule: 'deadline' }
    : { atUs: byWaitUs, rule: 'max-wait' };
}

function reasonFor(rule: UrgentStart['rule'], { maxWaitUs }: WaitBound): string {
  return rule === 'max-wait'
    ? `an image has waited ${maxWaitUs / 1000} ms, the longest allowed beside a free worker`
    : 'the earliest deadline leaves no more time to wait';
}
