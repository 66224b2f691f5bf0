import { seededRandom } from '@servelab/core';
import { expect, it } from 'vitest';
import { openSchedule } from '../../packages/lab/src/pace/schedule.js';
import { none } from '../../packages/serve/src/schedule/policies/none.js';
import { simulateLoad } from '../../packages/serve/src/simulate/simulate-load.js';
import { holdNear } from './figures.js';
import { either } from './form.js';
import { lindleyWaits, meanOf } from './lindley.js';

const REQUESTS = 300_000;
/** In the long form, the mean over several seeds as well: one seed alone is off by 1 to 1.5 % (a standard error). */
const SEEDS = either(1, 10);
const SERVICE_US = 1000;

/** Mean waits in a queue with one server, of service time 1 on average (Pollaczek and Khinchine). */
const QUEUES = [
  {
    name: 'M/D/1',
    load: 0.8,
    wait: (load: number) => load / (2 * (1 - load)),
    scatter: () => new Float64Array(REQUESTS).fill(1),
  },
  {
    name: 'M/M/1',
    load: 0.5,
    wait: (load: number) => load / (1 - load),
    scatter: (seed: number) => {
      const random = seededRandom(seed, 'service');
      return Float64Array.from({ length: REQUESTS }, () => -Math.log(1 - random()));
    },
  },
];

/** Mean wait on the lab's own schedule under the scheduler that serves, in simulated time. */
function simulatedWaitUs(load: number, scatter: Float64Array, seed: number): number {
  const ratePerS = (1e6 / SERVICE_US) * load;
  // A little longer than 300,000 need on average, so that there are as many.
  const arrivalsUs = openSchedule('poisson', ratePerS, (1.01 * REQUESTS * 1e6) / ratePerS, seed).subarray(
    0,
    REQUESTS,
  );
  expect(arrivalsUs.length).toBe(REQUESTS);
  const { meanUs } = simulateLoad({
    policy: none(),
    maxBatchSize: 1,
    maxWaitUs: 0,
    workers: 1,
    costsUs: [SERVICE_US],
    arrivalsUs,
    scatter,
  });
  const servicesUs = scatter.map((factor) => factor * SERVICE_US);
  const waitUs = meanUs - meanOf(servicesUs);
  // Not theory but the very same waits: a queue with one server has no freedom.
  expect(waitUs / meanOf(lindleyWaits(arrivalsUs, servicesUs))).toBeCloseTo(1, 6);
  return waitUs;
}

it.for(QUEUES)(
  'waits as $name theory has it at load $load, over 300,000 requests',
  ({ name, load, wait, scatter }, { task }) => {
    const waitsUs = Array.from({ length: SEEDS }, (_, n) => simulatedWaitUs(load, scatter(n + 1), n + 1));
    const theoryUs = wait(load) * SERVICE_US;
    const what = `${name} at load ${load}: mean wait of 300,000 requests`;
    holdNear(task, what, (waitsUs[0] ?? Number.NaN) / theoryUs, 2);
    if (SEEDS > 1) holdNear(task, `${what}, ${SEEDS} seeds`, meanOf(waitsUs) / theoryUs, 2);
  },
);
