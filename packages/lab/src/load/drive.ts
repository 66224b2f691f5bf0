import { setTimeout as delay } from 'node:timers/promises';
import { environmentError, hideCredentials, type NowUs, usToMs } from '@servelab/core';
import { errorCode, settledOrAborted } from '@servelab/node';
import { writeRecords } from '../record/record-writer.js';
import { connectionFix } from './connection-fix.js';
import { connectionPlan } from './connection-plan.js';
import { Flight } from './flight.js';
import { prepareFlightPlan } from './flight-plan.js';
import { parseTarget } from './http-request.js';
import type { DriverPhase, DriverProgress, LoadPlan, LoadResult } from './load-plan.js';
import { LoopUsage } from './loop-usage.js';
import { type PacedRun, paceRun } from './pace-run.js';
import { type PlannedArrivals, planArrivals } from './plan-arrivals.js';
import { ProgressMeter } from './progress-meter.js';
import { RequestLog } from './request-log.js';
import { RunWindow } from './run-window.js';
import type { Sender } from './sender.js';
import { SocketSender } from './socket-sender.js';
import { summarise } from './summarise.js';

const PROGRESS_EVERY_MS = 250;
const SWEEP_EVERY_MS = 5;
/** Between the last handshake and the first request: the server accepts what is in its backlog meanwhile. */
const SETTLE_US = 50_000;
/** Between now and the first moment of a schedule, so that it is not late already. */
const OPEN_LEAD_US = 2000;
/** Requests of a closed run that memory is made ready for; more is made as it is needed. */
const CLOSED_ROWS_AHEAD = 65_536;

export interface DriveHooks {
  onProgress(progress: DriverProgress): void;
  onPhase(phase: DriverPhase, atUs: number): void;
}

interface Run {
  readonly plan: LoadPlan;
  /** Null for a closed load. */
  readonly arrivals: PlannedArrivals | null;
  readonly log: RequestLog;
  readonly flight: Flight;
  readonly sender: Sender;
  readonly clock: NowUs;
  readonly hooks: DriveHooks;
  readonly signal: AbortSignal;
}

/**
 * Runs one load to its end in this process, and writes its records. Warm-up and measured part are one
 * stretch of load; only the label differs. When `signal` is aborted it sends no more, waits for nothing,
 * and writes what it has.
 *
 * @throws UserError (exit code 3) when nothing answers at the URL, (2) for a plan that cannot be run
 */
export async function drive(
  plan: LoadPlan,
  clock: NowUs,
  hooks: DriveHooks,
  signal: AbortSignal,
): Promise<LoadResult> {
  const arrivals = await planArrivals(plan);
  const log = new RequestLog(roomFor(arrivals));
  const flight = new Flight(log, await prepareFlightPlan(plan), clock);
  const { ahead, max } = connectionPlan(plan);
  const target = { ...parseTarget(plan.url), insecure: plan.insecure === true };
  // A prediction may be asked for twice; what a PATCH does twice is not known.
  const mayRepeat = plan.method !== 'PATCH';
  const sender = new SocketSender(target, { maxConnections: max, mayRepeat }, flight, clock);
  const run: Run = { plan, arrivals, log, flight, sender, clock, hooks, signal };
  try {
    hooks.onPhase('connecting', clock());
    await openConnections(run, ahead);
    const window = await nextWindow(plan, clock);
    const { planned, ...sent } = await sendAndSettle(run, window);
    const endedUs = clock();
    hooks.onPhase('writing', endedUs);
    // A run that was stopped has scheduled what it has sent; otherwise the schedule says how many there must be.
    const summary = summarise(log, signal.aborted ? null : planned);
    const unwritten = await keepRecords(plan.recordsPath, log);
    return {
      recordsPath: plan.recordsPath,
      ...(unwritten !== null && { unwritten }),
      ...summary,
      warmupUs: window.warmupUs,
      startedUs: window.startedUs,
      measuredFromUs: window.measuredFromUs,
      measuredToUs: signal.aborted ? Math.min(window.endUs, endedUs) : window.endUs,
      endedUs,
      ...sent,
      connectionsOpened: sender.opened,
      aborted: signal.aborted,
    };
  } finally {
    sender.close();
  }
}

/** What was measured is not lost to a disk that is full. @returns null where all is written */
async function keepRecords(
  path: string,
  log: RequestLog,
): Promise<NonNullable<LoadResult['unwritten']> | null> {
  try {
    await writeRecords(path, log.records());
    return null;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { reason: code, records: [...log.records()] };
  }
}

/** Rows of the log that memory is made ready for. */
const roomFor = (arrivals: PlannedArrivals | null): number =>
  arrivals === null ? CLOSED_ROWS_AHEAD : arrivals.warmupUs.length + arrivals.measuredUs.length;

/** As long as for a request: whoever does not shake hands within the time-out will not answer in time either. */
async function openConnections({ sender, plan, signal }: Run, ahead: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, usToMs(plan.timeoutUs));
  });
  try {
    await settledOrAborted(Promise.race([sender.prepare(ahead), timeout]), signal);
  } catch (error) {
    throw noConnection(plan.url, error instanceof Error ? error.message : String(error), error);
  } finally {
    clearTimeout(timer);
  }
  if (sender.opened === 0 && !signal.aborted) throw noConnection(plan.url, 'no answer within the time-out');
}

const noConnection = (url: string, reason: string, cause?: unknown) =>
  environmentError(`cannot connect to ${hideCredentials(url)} (${reason})`, connectionFix(reason), cause);

async function nextWindow(plan: LoadPlan, clock: NowUs): Promise<RunWindow> {
  await delay(usToMs(SETTLE_US));
  return new RunWindow(clock() + (plan.load.mode === 'open' ? OPEN_LEAD_US : 0), plan);
}

/** Sends to the end of the window, then waits for what is in flight; every request has an outcome after it. */
async function sendAndSettle(run: Run, window: RunWindow) {
  const { plan, flight, sender, clock, hooks, signal } = run;
  const meter = new ProgressMeter(flight, window, clock);
  const timers = [
    setInterval(() => hooks.onProgress(meter.read()), PROGRESS_EVERY_MS),
    setInterval(() => flight.sweep(sender), SWEEP_EVERY_MS),
  ];
  const onMeasuredKnown = () => {
    const leftMs = usToMs(window.measuredFromUs - clock());
    timers.push(setTimeout(() => hooks.onPhase('measured', window.measuredFromUs), Math.max(0, leftMs)));
  };
  let paced: PacedRun | null = null;
  try {
    if (plan.warmupUs > 0) hooks.onPhase('warmup', window.startedUs);
    const usage = new LoopUsage();
    paced = paceRun(run, window, onMeasuredKnown);
    const { pacer, warmUp } = paced;
    await settledOrAborted(pacer.finished, signal);
    pacer.stop();
    const used = usage.read(pacer.spunUs);
    hooks.onPhase('grace', clock());
    await settledWithin(flight, plan.graceUs, signal);
    flight.giveUp(sender);
    return { ...used, planned: pacer.planned, warmupSteady: warmUp?.steady ?? null };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    paced?.warmUp?.stop();
  }
}

/** Resolves when nothing is in flight, the time is over, or the run is stopped. */
async function settledWithin(flight: Flight, graceUs: number, signal: AbortSignal): Promise<void> {
  if (flight.inFlight === 0 || signal.aborted) return;
  let timer: NodeJS.Timeout | undefined;
  const settled = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, usToMs(graceUs));
    const before = flight.onSettled;
    flight.onSettled = (gotAnswer) => {
      before(gotAnswer);
      if (flight.inFlight === 0) resolve();
    };
  });
  await settledOrAborted(settled, signal);
  clearTimeout(timer);
}
