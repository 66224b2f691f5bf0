import type { PolicyDecision, PolicyView } from '../policy.js';

/**
 * Hands batches to idle workers, the oldest first.
 *
 * @param newBatches how many batches this same decision forms
 */
export function startInOrder(view: PolicyView, newBatches: number): PolicyDecision['start'] {
  const batches = view.formed.map(({ id }) => id);
  for (let n = 0; n < newBatches; n++) batches.push(view.nextBatchId + n);
  return view.idleWorkers.slice(0, batches.length).map((worker, n) => ({ batch: batches[n] ?? 0, worker }));
}
