import type { BatchProposal, BatchReason, PolicyDecision, PolicyView } from '../policy.js';
import { startInOrder } from './start-in-order.js';

/**
 * Every free worker gets the oldest images, up to `size`: late binding, so a batch is formed only when a worker is free for
 * it. Batches that were formed before (by a policy that this one replaced) go first.
 */
export function takeWaiting(
  view: PolicyView,
  size: number,
  reasonFor: (size: number) => BatchReason,
): PolicyDecision {
  const workers = view.idleWorkers.length - view.formed.length;
  const form: BatchProposal[] = [];
  if (workers > 0) {
    for (let next = 0; form.length < workers && next < view.waiting.length; next += size) {
      const ids = view.waiting.slice(next, next + size).map(({ id }) => id);
      form.push({ ids, ...reasonFor(ids.length) });
    }
  }
  return { form, start: startInOrder(view, form.length), shed: [] };
}
