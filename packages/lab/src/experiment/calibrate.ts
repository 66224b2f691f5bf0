import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Load, msToUs, US_PER_S } from '@servelab/core';
import type { AdapterSpec } from '../adapters/adapter.js';
import type { LoadPlan, LoadResult } from '../load/load-plan.js';
import { runDriver } from '../load/run-driver.js';
import { driverCores } from '../machine/cores.js';
import type { RunningStack } from '../stacks/stack.js';
import type { ExperimentPlan, Workload } from './experiment-plan.js';

const CALIBRATION = { concurrency: 8, warmupUs: msToUs(700), durationUs: msToUs(1500) };
const SIGNIFICANT_DIGITS = 3;

/** What one stack can do, requests per second: a short closed loop; not a result, only the scale for the rates. */
export async function measureCapacity(
  plan: ExperimentPlan,
  running: RunningStack,
  adapter: AdapterSpec,
  signal: AbortSignal,
): Promise<number> {
  return await closedCapacity(
    {
      url: running.predictUrl,
      adapter,
      images: plan.corpus.images.map(({ path }) => ({ path, expectedClass: null })),
      timeoutUs: plan.timeoutUs,
      graceUs: plan.graceUs,
      seed: plan.seed,
      recordsPath: join(plan.runDir, 'records', 'calibration.ndjson'),
    },
    (asked) => runDriver(asked, { ...driverCores(plan.cores), signal }),
  );
}

/** Right answers a second to a few users who wait, whatever load the plan has; leaves no records behind. */
export async function closedCapacity(
  plan: Omit<LoadPlan, 'load' | 'warmupUs' | 'durationUs' | 'checkShare'>,
  run: (plan: LoadPlan) => Promise<LoadResult>,
): Promise<number> {
  const { concurrency, warmupUs, durationUs } = CALIBRATION;
  const load = { mode: 'closed', concurrency } as const;
  const asked = { ...plan, load, warmupUs, durationUs, checkShare: 0 };
  const { counts, measuredFromUs, measuredToUs } = await run(asked);
  await rm(plan.recordsPath, { force: true });
  return counts.ok / ((measuredToUs - measuredFromUs) / US_PER_S);
}

/** The loads of a workload: its closed levels, then its open rates from the slowest stack's capacity. */
export function loadsOf(
  workload: Pick<Workload, 'levels' | 'rateFractions' | 'ratesRps'>,
  slowestRps: number | null,
  arrivals: NonNullable<Load['arrivals']>,
): Load[] {
  const fromCapacity =
    slowestRps === null ? [] : workload.rateFractions.map((fraction) => roundRate(fraction * slowestRps));
  return [
    ...workload.levels.map((concurrency): Load => ({ mode: 'closed', concurrency })),
    ...[...fromCapacity, ...workload.ratesRps].map(
      (rate_rps): Load => ({ mode: 'open', rate_rps, arrivals }),
    ),
  ];
}

const roundRate = (rateRps: number): number => Number(rateRps.toPrecision(SIGNIFICANT_DIGITS));
