import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { environmentError, type Load, msToUs, type Point } from '@servelab/core';
import { calibrationCheck, highestRateRps } from '../analyse/checks/driver-checks.js';
import type { LoadPlan, LoadShape } from '../load/load-plan.js';
import { runDriver } from '../load/run-driver.js';
import { driverCores, pinnedCommand } from '../machine/cores.js';
import { printsLine } from '../process/readiness.js';
import { startProcess } from '../process/start-process.js';
import { recordsOf } from '../record/record-reader.js';
import type { DriverCalibration } from '../record/run-folder.js';
import type { ExperimentPlan, Workload } from './experiment-plan.js';
import { pointAlone } from './load-test.js';

/** Each of the three loads takes a second in all; no longer than a point of the run. */
const WARMUP_US = msToUs(200);
const DURATION_US = msToUs(800);
/** Fewer requests a second would leave the p99 of the lag to a single one. */
const LOWEST_RATE_RPS = 200;
const START_TIMEOUT_MS = 10_000;
/** A driver that is late because of a spell of noise is not late the next time. */
const MOST_ATTEMPTS = 3;

/**
 * What the driver can do on this machine (rule 14): the bodies of the run, sent to a null server on the server's cores.
 * The closed ceiling at the highest level of the run, the latency of a single user, and latency and lag at the highest
 * open rate.
 *
 * @throws UserError (exit code 3) when the null server does not start, or answers nothing in any of the attempts
 */
export async function calibrateDriver(
  plan: ExperimentPlan,
  loads: readonly Load[],
  signal: AbortSignal,
): Promise<DriverCalibration> {
  const cores = plan.cores.pinned ? plan.cores.server : null;
  const { group, shown } = await startProcess(
    { command: pinnedCommand(cores, nullServer()), environment: {} },
    printsLine(/^listening (\d+)/m),
    { timeoutMs: START_TIMEOUT_MS },
    notStarted,
    signal,
  );
  try {
    const url = `http://127.0.0.1:${shown[1]}/predict`;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === MOST_ATTEMPTS;
      const calibration = await measureDriver(plan, url, loads, signal);
      if (calibration !== null && (isLast || calibrationCheck(calibration).ok)) return calibration;
      if (isLast) throw unanswered();
    }
  } finally {
    await group.stop();
  }
}

/** @returns null where one of the loads had no answer: other work held the driver or the server for all of its time */
async function measureDriver(
  plan: ExperimentPlan,
  url: string,
  loads: readonly Load[],
  signal: AbortSignal,
): Promise<DriverCalibration | null> {
  const concurrency = Math.max(1, ...loads.map((load) => load.concurrency ?? 1));
  const highestRps = Math.max(LOWEST_RATE_RPS, ...loads.map((load) => load.rate_rps ?? 0));
  const send = (load: LoadShape) => sendTo(plan, url, load, signal);
  const busiest = await send({ mode: 'closed', concurrency });
  const ceilingRps = busiest.throughput_rps.value;
  if (ceilingRps === null || ceilingRps === 0) return null;
  const ceiling = { concurrency, rps: ceilingRps };
  const single = await send({ mode: 'closed', concurrency: 1 });
  // Rates above that are refused anyway, and would only show that the driver cannot send them.
  const rate_rps = Math.min(highestRps, highestRateRps(ceiling));
  const open = await send({ mode: 'open', rate_rps, arrivals: 'poisson' });
  const floor = latencyOf(single);
  const latency = latencyOf(open);
  const lag_p99_ms = open.lag_ms.p99;
  if (floor === null || latency === null || lag_p99_ms === null) return null;
  return { ceiling, floor, open: { rate_rps, ...latency, lag_p99_ms } };
}

const latencyOf = ({ latency_ms: { p50, p99 } }: Point) =>
  p50.value === null ? null : { p50_ms: p50.value, p99_ms: p99.value };

async function sendTo(
  plan: ExperimentPlan,
  url: string,
  load: LoadShape,
  signal: AbortSignal,
): Promise<Point> {
  const recordsPath = join(plan.runDir, 'records', 'null-server.ndjson');
  const driven: LoadPlan = {
    url,
    adapter: requireWorkload(plan).reference.adapter,
    images: plan.corpus.images.map(({ path }) => ({ path, expectedClass: null })),
    load,
    warmupUs: Math.min(WARMUP_US, plan.warmupUs),
    durationUs: Math.min(DURATION_US, plan.durationUs),
    timeoutUs: plan.timeoutUs,
    graceUs: plan.graceUs,
    seed: plan.seed,
    checkShare: 0,
    recordsPath,
  };
  const result = await runDriver(driven, { ...driverCores(plan.cores), signal });
  signal.throwIfAborted();
  const records = await recordsOf(result);
  await rm(recordsPath, { force: true });
  return pointAlone('null server', driven, result, records);
}

function requireWorkload({ workloads: [first] }: ExperimentPlan): Workload {
  if (first === undefined) throw new Error('a run needs a workload');
  return first;
}

function nullServer(): string[] {
  return [process.execPath, createRequire(import.meta.url).resolve('@servelab/lab/null-server')];
}

const notStarted = (why: string, logTail: string) =>
  environmentError(
    `the null server that calibrates the driver ${why}: ${logTail.trim()}`,
    'Build again with "make compile", and run again.',
  );

const unanswered = () =>
  environmentError(
    'the load driver got no answer from the null server',
    'Stop other work on this machine and run again.',
  );
