import { msToUs, type Point } from '@servelab/core';
import type { AdapterSpec } from '../adapters/adapter.js';
import { analysePoint } from '../analyse/analyse-point.js';
import { runDriver } from '../load/run-driver.js';
import { readRecords } from '../record/record-reader.js';
import type { RequestRecord } from '../record/request-record.js';

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
): Promise<{ point: Point; records: RequestRecord[] } | null> {
  const load = { mode: 'closed', concurrency: level.concurrency } as const;
  const result = await runDriver(
    {
      url: level.url,
      adapter: level.adapter,
      images: level.imagePaths.map((path) => ({ path, expectedClass: null })),
      load,
      warmupUs: WARMUP_US,
      durationUs: level.durationUs,
      timeoutUs: TIMEOUT_US,
      graceUs: GRACE_US,
      seed: level.seed,
      checkShare: 0,
      recordsPath: level.recordsPath,
    },
    { signal },
  );
  if (result.aborted) return null;
  const records = await readRecords(level.recordsPath);
  const run = {
    id: `${level.name}_c${level.concurrency}`,
    stack: level.name,
    workload: 'photographs',
    repeat: 0,
    order: 0,
    load,
    warmup_us: WARMUP_US,
    duration_us: level.durationUs,
    timeout_us: TIMEOUT_US,
    started_us: result.startedUs,
  };
  return { point: analysePoint([{ run, records, server: null }]), records };
}
