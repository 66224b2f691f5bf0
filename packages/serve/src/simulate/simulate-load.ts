import { percentile, sortSamples } from '@servelab/core';
import type { Policy } from '../schedule/policy.js';
import { Scheduler } from '../schedule/scheduler.js';
import { runSchedule, type WorldEvent } from './run-schedule.js';

export interface SimulatedLoad {
  readonly policy: Policy;
  readonly maxBatchSize: number;
  readonly maxWaitUs: number;
  readonly workers: number;
  /** Time of a batch of n at index n - 1, microseconds. */
  readonly costsUs: readonly number[];
  /** Ascending, microseconds. */
  readonly arrivalsUs: Float64Array;
  /** Factor on the time of the batch that begins with this image (index = its place in the arrivals). */
  readonly scatter?: Float64Array;
  /** Sent as the event `costs` before the first image, as the server does after its warm-up. */
  readonly measuredCostsUs?: readonly number[];
}

export interface SimulatedLatency {
  /** From arrival to answer; infinity where the queue runs away. */
  readonly meanUs: number;
  readonly p99Us: number;
  readonly meanBatchSize: number;
}

/** Images. A longer queue shows that the policy cannot keep up. */
const MAX_QUEUE = 2000;
const FAR_US = 1e15;

/** Runs a policy in simulated time, the very object that the server runs, and measures what the images would. */
export function simulateLoad(load: SimulatedLoad): SimulatedLatency {
  const { policy, maxBatchSize, maxWaitUs, workers, costsUs, arrivalsUs, scatter, measuredCostsUs } = load;
  const scheduler = new Scheduler({ policy, maxBatchSize, maxWaitUs, queueLimit: MAX_QUEUE });
  const costUs = (size: number) => costsUs[size - 1] ?? 0;
  if (measuredCostsUs !== undefined) scheduler.handle({ kind: 'costs', costsUs: measuredCostsUs, atUs: 0 });
  const events = Array.from(arrivalsUs, (atUs, n): WorldEvent => {
    return { atUs, kind: 'arrival', images: [{ id: n + 1, arrivedUs: atUs, deadlineUs: atUs + FAR_US }] };
  });
  const { batches, outcomes } = runSchedule(scheduler, {
    workers,
    events,
    serviceUs: (size, firstId) => costUs(size) * (scatter?.[firstId - 1] ?? 1),
  });
  const latenciesUs = new Float64Array(arrivalsUs.length);
  let totalUs = 0;
  for (let n = 0; n < latenciesUs.length; n++) {
    const outcome = outcomes.get(n + 1);
    const latencyUs =
      outcome?.outcome === 'ok' ? outcome.atUs - (arrivalsUs[n] as number) : Number.POSITIVE_INFINITY;
    latenciesUs[n] = latencyUs;
    totalUs += latencyUs;
  }
  return {
    meanUs: totalUs / latenciesUs.length,
    p99Us: percentile(sortSamples(latenciesUs), 0.99) ?? Number.POSITIVE_INFINITY,
    meanBatchSize: latenciesUs.length / batches.length,
  };
}
