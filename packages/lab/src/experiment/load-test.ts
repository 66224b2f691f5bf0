import { type MeasuredPoint, msToUs } from '@servelab/core';
import type { AdapterSpec } from '../adapters/adapter.js';
import { analysePoint } from '../analyse/analyse-point.js';
import type { PointSample } from '../analyse/point-sample.js';
import type { LoadPlan, LoadResult } from '../load/load-plan.js';
import { runDriver } from '../load/run-driver.js';
import { recordsOf } from '../record/record-reader.js';
import type { RequestRecord } from '../record/request-record.js';
import { pointRunOf } from './point-run.js';

/** One closed level against a server that runs already. */
export interface LoadTestLevel {
  readonly name: string;
  /** Of the predict route. */
  readonly url: string;
  readonly adapter: AdapterSpec;
  readonly imagePaths: readonly string[];
  readonly concurrency: number;
  readonly durationUs: number;
  readonly seed: number;
  readonly recordsPath: string;
}

const WARMUP_US = msToUs(1000);
const TIMEOUT_US = msToUs(60_000); // the seeds'
const GRACE_US = msToUs(5000);

/** @returns null when it was aborted */
export async function measureLevel(
  level: LoadTestLevel,
  signal: AbortSignal,
): Promise<{ point: MeasuredPoint; records: RequestRecord[] } | null> {
  const plan: LoadPlan = {
    url: level.url,
    adapter: level.adapter,
    images: level.imagePaths.map((path) => ({ path, expectedClass: null })),
    load: { mode: 'closed', concurrency: level.concurrency },
    warmupUs: WARMUP_US,
    durationUs: level.durationUs,
    timeoutUs: TIMEOUT_US,
    graceUs: GRACE_US,
    seed: level.seed,
    checkShare: 0,
    recordsPath: level.recordsPath,
  };
  const result = await runDriver(plan, { signal });
  if (result.aborted) return null;
  const records = await recordsOf(result);
  return { point: pointAlone(level.name, plan, result, records), records };
}

/** The point of a single load on a server that tells nothing of itself. */
export function pointAlone(
  name: string,
  plan: LoadPlan,
  result: LoadResult,
  records: readonly RequestRecord[],
  slo: string | null = null,
): MeasuredPoint {
  return analysePoint([sampleAlone(name, plan, result, records)], { slo });
}

/** The same before it is analysed. */
export function sampleAlone(
  name: string,
  plan: LoadPlan,
  result: LoadResult,
  records: readonly RequestRecord[],
): PointSample {
  const identity = { id: name, stack: name, workload: 'load', repeat: 0, order: 0 };
  return { run: pointRunOf(identity, plan, result), records, server: null };
}
