import { seededRandom } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { ARRIVAL_PROCESSES, arrivalMoments } from '../../../simulate/arrivals.js';
import { simulateLoad } from '../../../simulate/simulate-load.js';
import { greedy } from '../greedy.js';
import { none } from '../none.js';
import { simplePlans, smdpPlan } from './candidate-plans.js';
import { optimal } from './index.js';
import { replayLoop, replayPlan } from './replay.js';

const MS = 1000;
const costsUs = [10, 11, 13, 18].map((ms) => ms * MS);
const maxWaitUs = 50 * MS;

describe.each(ARRIVAL_PROCESSES)('replaying a plan gives what the simulator gives: %s', (process) => {
  it.each([1, 2, 3])('%i workers', (workers) => {
    const meanGapUs = (9 * MS) / workers;
    const arrivalsUs = arrivalMoments(process, 3000, meanGapUs, seededRandom(7, 'replay'));
    const problem = { costsUs, ratePerUs: 1 / meanGapUs, workers };
    const world = { workers, costsUs, arrivalsUs, maxBatchSize: costsUs.length, maxWaitUs };
    for (const plan of [smdpPlan(problem), ...simplePlans(problem)]) {
      const policy = optimal({ maxBatchSize: costsUs.length, maxWaitUs, workers }, plan);
      const { meanUs } = simulateLoad({ ...world, policy });
      const replayedUs = replayPlan(plan, arrivalsUs, { costsUs, workers, maxWaitUs });
      expect(replayedUs, plan.origin).toBeCloseTo(meanUs, 3);
    }
  });
});

it('the plans named after policies are those policies', () => {
  const arrivalsUs = arrivalMoments('poisson', 2000, 25 * MS, seededRandom(3, 'replay'));
  // A load at which no queue becomes so long that a plan would only get rid of it.
  const plans = simplePlans({ costsUs, ratePerUs: 1 / (25 * MS), workers: 1 });
  for (const policy of [none(), greedy(costsUs.length)]) {
    const plan = plans.find(({ origin }) => origin === policy.name);
    const world = { workers: 1, costsUs, arrivalsUs, maxBatchSize: costsUs.length, maxWaitUs };
    if (plan === undefined) throw new Error(`no plan ${policy.name}`);
    expect(replayPlan(plan, arrivalsUs, { costsUs, workers: 1, maxWaitUs })).toBeCloseTo(
      simulateLoad({ ...world, policy }).meanUs,
      3,
    );
  }
});

it('a plan that cannot keep up has no mean', () => {
  const arrivalsUs = arrivalMoments('poisson', 20_000, 2 * MS, seededRandom(3, 'replay'));
  const [plan] = simplePlans({ costsUs, ratePerUs: 1 / (2 * MS), workers: 1 });
  if (plan === undefined) throw new Error('no plan');
  expect(replayPlan(plan, arrivalsUs, { costsUs, workers: 1, maxWaitUs })).toBe(Number.POSITIVE_INFINITY);
});

it('a closed loop is replayed as one: each client comes back after its answer', () => {
  const plans = simplePlans({ costsUs, ratePerUs: 1 / (5 * MS), workers: 1 });
  const waiting = plans.find(({ origin }) => origin === 'greedy, waiting');
  const greedyPlan = plans.find(({ origin }) => origin === 'greedy');
  if (waiting === undefined || greedyPlan === undefined) throw new Error('no such plan');
  const loop = { clients: 4, thinkUs: [100] };
  const world = { costsUs, workers: 1, maxWaitUs };
  // All four come together, have their results together after 18 ms, and return together.
  expect(replayLoop(waiting, loop, 4000, world)).toBeCloseTo(18 * MS, -1);
  // So they do for greedy, which runs them as they come: none is ever alone.
  expect(replayLoop(greedyPlan, loop, 4000, world)).toBeCloseTo(18 * MS, -1);
  // Once they come back one after the other, the first one goes alone, and the others wait for it.
  const apart = { clients: 4, thinkUs: [100, 200, 300, 400, 500] };
  expect(replayLoop(greedyPlan, apart, 4000, world)).toBeGreaterThan(22 * MS);
  expect(replayLoop(waiting, apart, 4000, world)).toBeLessThan(19 * MS);
});
