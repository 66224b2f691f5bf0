import type { BatchPlan } from './policies/optimal/batch-plan.js';
import type { BatchTimes, WaitingImage } from './policy.js';
import type { WorkerLoss } from './retry.js';
import type { Effects, Scheduler } from './scheduler.js';

/**
 * Everything that can happen to a scheduler, as plain data: what the server does to it can be recorded, and the
 * record replayed gives the same batches.
 */
export type SchedulerCall =
  | { readonly call: 'arrive'; readonly images: readonly WaitingImage[]; readonly atUs: number }
  | { readonly call: 'cancel'; readonly ids: readonly number[]; readonly atUs: number }
  | { readonly call: 'worker-ready'; readonly worker: number; readonly atUs: number }
  | {
      readonly call: 'worker-lost';
      readonly worker: number;
      readonly loss: WorkerLoss;
      readonly atUs: number;
    }
  | ({ readonly call: 'batch-done'; readonly worker: number; readonly atUs: number } & BatchTimes)
  | { readonly call: 'costs'; readonly inferMs: readonly number[]; readonly atUs: number }
  | { readonly call: 'planned'; readonly plan: BatchPlan; readonly atUs: number }
  | { readonly call: 'tick'; readonly atUs: number };

/** @returns null for images that the queue had no room for */
export function callScheduler(scheduler: Scheduler, call: SchedulerCall): Effects | null {
  switch (call.call) {
    case 'arrive':
      return scheduler.arrive(call.images, call.atUs);
    case 'cancel':
      return scheduler.cancel(call.ids, call.atUs);
    case 'worker-ready':
      return scheduler.workerReady(call.worker, call.atUs);
    case 'worker-lost':
      return scheduler.workerLost(call.worker, call.loss, call.atUs);
    case 'batch-done':
      return scheduler.batchDone(call.worker, call, call.atUs);
    case 'costs':
      return scheduler.costsMeasured(call.inferMs, call.atUs);
    case 'planned':
      return scheduler.planned(call.plan, call.atUs);
    case 'tick':
      return scheduler.tick(call.atUs);
  }
}
