import { isErrorCode } from '@servelab/core';
import type { PolicyDecision, PolicyView } from './policy.js';

export type PolicyFault =
  | 'unknown-image'
  | 'image-twice'
  | 'empty-batch'
  | 'oversize-batch'
  | 'unknown-batch'
  | 'batch-twice'
  | 'busy-worker'
  | 'unknown-code'
  | 'invalid-wake'
  | 'missing-wake';

/** A policy returned an invalid decision. Nothing of it was carried out. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  constructor(
    readonly policy: string,
    readonly fault: PolicyFault,
    detail: string,
  ) {
    super(`the policy "${policy}" returned an invalid decision (${fault}): ${detail}`);
  }
}

/** The images that a decision may use. */
interface Waiting {
  isWaiting(id: number): boolean;
  readonly waitingCount: number;
}

interface Limits {
  readonly policy: string;
  readonly maxBatchSize: number;
}

/**
 * Checks a decision against the view that it was made from, before any of it is carried out, so that a policy that fails can
 * be replaced by another one on the same state.
 *
 * @throws PolicyError naming the first fault
 */
export function checkDecision(
  decision: PolicyDecision,
  view: PolicyView,
  nowUs: number,
  queue: Waiting,
  limits: Limits,
): void {
  const taken = checkImages(decision, queue, limits);
  const started = checkStarts(decision, view, limits);
  checkWake(decision, nowUs, limits);
  const leftOver = queue.waitingCount > taken || view.formed.length + decision.form.length > started;
  if (leftOver && view.idleWorkers.length > started && decision.wakeAtUs === undefined) {
    fail(limits, 'missing-wake', 'an image waits, a worker is idle, and no wakeAtUs is given');
  }
}

/** @returns how many images leave the queue */
function checkImages({ form, shed }: PolicyDecision, queue: Waiting, limits: Limits): number {
  if (form.length === 0 && shed.length === 0) return 0;
  const seen = new Set<number>();
  const take = (id: number) => {
    if (!queue.isWaiting(id)) fail(limits, 'unknown-image', `image ${id} does not wait`);
    if (seen.has(id)) fail(limits, 'image-twice', `image ${id} is taken twice`);
    seen.add(id);
  };
  for (const { ids } of form) {
    if (ids.length === 0) fail(limits, 'empty-batch', 'a batch of no images');
    if (ids.length > limits.maxBatchSize) {
      fail(limits, 'oversize-batch', `a batch of ${ids.length}, over the maximum of ${limits.maxBatchSize}`);
    }
    for (const id of ids) take(id);
  }
  for (const { id, code } of shed) {
    take(id);
    if (!isErrorCode(code)) fail(limits, 'unknown-code', `image ${id} is shed with "${String(code)}"`);
  }
  return seen.size;
}

/** @returns how many batches start */
function checkStarts({ form, start }: PolicyDecision, view: PolicyView, limits: Limits): number {
  const batches = new Set<number>();
  const workers = new Set<number>();
  for (const { batch, worker } of start) {
    const isNew = batch >= view.nextBatchId && batch < view.nextBatchId + form.length;
    if (!isNew && !view.formed.some(({ id }) => id === batch)) {
      fail(limits, 'unknown-batch', `batch ${batch} is not formed`);
    }
    if (batches.has(batch)) fail(limits, 'batch-twice', `batch ${batch} is started twice`);
    if (workers.has(worker) || !view.idleWorkers.includes(worker)) {
      fail(limits, 'busy-worker', `worker ${worker} is not idle`);
    }
    batches.add(batch);
    workers.add(worker);
  }
  return start.length;
}

function checkWake({ wakeAtUs }: PolicyDecision, nowUs: number, limits: Limits): void {
  // A wake that is not in the future would spin.
  if (wakeAtUs !== undefined && !(wakeAtUs > nowUs)) {
    fail(limits, 'invalid-wake', `wakeAtUs ${wakeAtUs} is not after ${nowUs}`);
  }
}

function fail(limits: Limits, fault: PolicyFault, detail: string): never {
  throw new PolicyError(limits.policy, fault, detail);
}
