import type { PolicyView } from '../policy.js';
import type { WaitingImage } from '../scheduler-event.js';

/** What a policy sees where there is one worker, idle unless said otherwise. */
export function oneWorkerView(
  waiting: readonly WaitingImage[],
  idleWorkers: readonly number[] = [0],
): PolicyView {
  return {
    waiting,
    formed: [],
    idleWorkers,
    idleSinceUs: 0,
    busyWorkers: 1 - idleWorkers.length,
    nextBatchId: 1,
  };
}
