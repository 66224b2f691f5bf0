import { type BatchPlan, planRows } from './batch-plan.js';
import { solveSmdp } from './smdp.js';

export interface PlanningProblem {
  /** Of a batch of n at index n - 1, microseconds: what a worker is occupied for. */
  readonly costsUs: readonly number[];
  /** Arrivals per microsecond, of all workers together, > 0. */
  readonly ratePerUs: number;
  readonly workers: number;
}

/** How long to wait for the next image, in mean gaps between arrivals; ten nearly always fill a batch. */
const WAIT_BUDGETS_IN_GAPS = [0.1, 0.3, 1, 3, 10];
/** Up to here every batch size is tried as a limit; above, some. */
const EVERY_SIZE_UP_TO = 8;

/**
 * Shares of the capacity between which the table is solved. Below 2 % load, requests almost never overlap, so batching is
 * irrelevant. Above 95 %, queues are longer than the table, and its solution would ignore images beyond its end.
 */
const LOADS = { least: 0.02, most: 0.95 } as const;
/** Near its end a table is wrong, as the longest queue stands for all longer ones. */
const TRUSTED_SHARE = 0.7;
/** From this length on, in full batches for each worker, a queue is worked off at the highest rate. */
const LONG_QUEUE_BATCHES = 3;

/** The solution for one worker's share of the arrivals, used by each worker: exact for one worker and Poisson arrivals. */
export function smdpPlan(problem: PlanningProblem): BatchPlan {
  const { costsUs, ratePerUs, workers } = problem;
  const { size, perUs } = fastest(costsUs);
  const load = Math.min(Math.max(ratePerUs / workers / perUs, LOADS.least), LOADS.most);
  const { batch } = solveSmdp({ costsUs, ratePerUs: load * perUs });
  const trusted = batch.slice(0, Math.ceil(batch.length * TRUSTED_SHARE));
  return {
    origin: 'smdp',
    batchSizes: [[...trusted, size]],
    waitBudgetUs: 1 / ratePerUs,
    largest: costsUs.length,
  };
}

/**
 * Plans to be compared with the SMDP's: for several workers or bursty arrivals its solution is only an approximation, and
 * a simple plan may do better. All work a long queue off at the highest rate, so that none fails when the load is higher
 * than expected.
 */
export function simplePlans({ costsUs, ratePerUs, workers }: PlanningProblem): BatchPlan[] {
  const maxBatchSize = costsUs.length;
  const { size: fastestSize } = fastest(costsUs);
  const longQueue = LONG_QUEUE_BATCHES * maxBatchSize * workers;
  const gapUs = 1 / ratePerUs;
  const plans: BatchPlan[] = [];
  const add = (origin: string, largest: number, waitBudgetUs: number, choose: Choice) => {
    const batchSizes = planRows(workers, longQueue, (idle, waiting) =>
      waiting === longQueue ? fastestSize : choose(idle, waiting),
    );
    plans.push({ origin, largest, waitBudgetUs, batchSizes });
  };

  for (const limit of limits(maxBatchSize)) {
    const name = limit === 1 ? 'none' : limit === maxBatchSize ? 'greedy' : `greedy up to ${limit}`;
    const takeAll: Choice = (_idle, waiting) => Math.min(waiting, limit);
    // Idle workers share what waits, instead of the first taking all of it.
    const share: Choice = (idle, waiting) => Math.min(limit, Math.ceil(waiting / idle));
    const waitForAll: Choice = (_idle, waiting) => (waiting < limit ? 0 : limit);
    add(name, limit, 0, takeAll);
    if (limit === 1) continue;
    if (workers > 1) add(`${name}, shared`, limit, 0, share);
    for (const gaps of WAIT_BUDGETS_IN_GAPS) {
      add(`${name}, waiting`, limit, gaps * gapUs, waitForAll);
      if (workers === 1) continue;
      add(`${name}, last worker waiting`, limit, gaps * gapUs, (idle, waiting) =>
        idle === 1 ? waitForAll(idle, waiting) : share(idle, waiting),
      );
    }
  }
  return plans;
}

type Choice = (idle: number, waiting: number) => number;

/** The batch size that serves most images a second, and how many. */
export function fastest(costsUs: readonly number[]): { size: number; perUs: number } {
  let best = { size: 1, perUs: 0 };
  for (const [index, costUs] of costsUs.entries()) {
    const perUs = (index + 1) / costUs;
    if (perUs > best.perUs) best = { size: index + 1, perUs };
  }
  return best;
}

function limits(maxBatchSize: number): number[] {
  const sizes = new Set([1, maxBatchSize]);
  for (let size = 2; size < maxBatchSize; size = size < EVERY_SIZE_UP_TO ? size + 1 : Math.ceil(size * 1.5)) {
    sizes.add(size);
  }
  return [...sizes];
}
