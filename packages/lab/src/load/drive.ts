import { setTimeout as delay } from 'node:timers/promises';
import { environmentError, type NowUs, usageError, usToMs } from '@servelab/core';
import { openSchedule } from '../pace/schedule.js';
import { writeRecords } from '../record/record-writer.js';
import { ClosedLoop } from './closed-loop.js';
import { connectionPlan } from './connection-plan.js';
import { Flight } from './flight.js';
import { prepareFlightPlan } from './flight-plan.js';
import { parseTarget } from './http-request.js';
import type { DriverPhase, DriverProgress, LoadPlan, LoadResult } from './load-plan.js';
import { LoopUsage } from './loop-usage.js';
import { OpenLoop } from './open-loop.js';
import type { Pacer } from './pacer.js';
import { ProgressMeter } from './progress-meter.js';
import { MAX_REQUESTS, RequestLog } from './request-log.js';
import type { RunWindow } from './run-window.js';
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
  /** Offsets from the start; null for a closed load. */
  readonly arrivalsUs: Float64Array | null;
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
  const arrivalsUs = arrivalsOf(plan);
  const log = new RequestLog(arrivalsUs?.length ?? CLOSED_ROWS_AHEAD);
  const flight = new Flight(log, await prepareFlightPlan(plan), clock);
  const { ahead, max } = connectionPlan(plan);
  const sender = new SocketSender(parseTarget(plan.url), max, flight, clock);
  const run: Run = { plan, arrivalsUs, log, flight, sender, clock, hooks, signal };
  try {
    hooks.onPhase('connecting', clock());
    await openConnections(run, ahead);
    const window = await nextWindow(plan, clock);
    const usage = await sendAndSettle(run, window);
    const endedUs = clock();
    hooks.onPhase('writing', endedUs);
    // A run that was stopped has scheduled what it has sent; otherwise the schedule says how many there must be.
    const summary = summarise(log, signal.aborted ? null : (arrivalsUs?.length ?? null));
    await writeRecords(plan.recordsPath, log.records());
    return {
      recordsPath: plan.recordsPath,
      ...summary,
      startedUs: window.startedUs,
      measuredFromUs: window.measuredFromUs,
      measuredToUs: signal.aborted ? Math.min(window.endUs, endedUs) : window.endUs,
      endedUs,
      ...usage,
      connectionsOpened: sender.opened,
      aborted: signal.aborted,
    };
  } finally {
    sender.close();
  }
}

function arrivalsOf({ load, warmupUs, durationUs, seed }: LoadPlan): Float64Array | null {
  if (load.mode === 'closed') return null;
  const expected = (load.rate_rps * (warmupUs + durationUs)) / 1e6;
  if (expected > MAX_REQUESTS) {
    throw usageError(
      `the load has about ${Math.round(expected)} requests, more than ${MAX_REQUESTS}`,
      'Lower the rate or the duration.',
    );
  }
  return openSchedule(load.arrivals, load.rate_rps, warmupUs + durationUs, seed);
}

/** As long as for a request: whoever does not shake hands within the time-out will not answer in time either. */
async function openConnections({ sender, plan, signal }: Run, ahead: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, usToMs(plan.timeoutUs));
  });
  try {
    await orAborted(Promise.race([sender.prepare(ahead), timeout]), signal);
  } catch (error) {
    throw noConnection(plan.url, error instanceof Error ? error.message : String(error), error);
  } finally {
    clearTimeout(timer);
  }
  if (sender.opened === 0 && !signal.aborted) throw noConnection(plan.url, 'no answer within the time-out');
}

const noConnection = (url: string, reason: string, cause?: unknown) =>
  environmentError(`cannot connect to ${url} (${reason})`, 'Start the server, or correct the URL.', cause);

async function nextWindow({ load, warmupUs, durationUs }: LoadPlan, clock: NowUs): Promise<RunWindow> {
  await delay(usToMs(SETTLE_US));
  const startedUs = clock() + (load.mode === 'open' ? OPEN_LEAD_US : 0);
  const measuredFromUs = startedUs + warmupUs;
  return { startedUs, measuredFromUs, endUs: measuredFromUs + durationUs };
}

/** Sends to the end of the window, then waits for what is in flight; every request has an outcome after it. */
async function sendAndSettle(run: Run, window: RunWindow): Promise<{ utilisation: number; cpuS: number }> {
  const { plan, flight, sender, clock, hooks, signal } = run;
  const meter = new ProgressMeter(flight, window, clock);
  const timers = [
    setInterval(() => hooks.onProgress(meter.read()), PROGRESS_EVERY_MS),
    setInterval(() => flight.sweep(sender), SWEEP_EVERY_MS),
    setTimeout(
      () => hooks.onPhase('measured', window.measuredFromUs),
      Math.max(0, usToMs(window.measuredFromUs - clock())),
    ),
  ];
  try {
    if (plan.warmupUs > 0) hooks.onPhase('warmup', window.startedUs);
    const usage = new LoopUsage();
    const pacer = startPacer(run, window);
    await orAborted(pacer.finished, signal);
    pacer.stop();
    const used = usage.read(pacer.spunUs);
    hooks.onPhase('grace', clock());
    await settledWithin(flight, plan.graceUs, signal);
    flight.giveUp(sender);
    return used;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

function startPacer({ plan, arrivalsUs, flight, sender, clock }: Run, window: RunWindow): Pacer {
  const fire = (scheduledUs: number) => {
    flight.fire(sender, scheduledUs, scheduledUs < window.measuredFromUs ? 'warmup' : 'measured');
  };
  if (plan.load.mode === 'open') {
    const scheduledUs = (arrivalsUs ?? new Float64Array()).map((offsetUs) => window.startedUs + offsetUs);
    return new OpenLoop({ scheduledUs, clock, fire, events: () => flight.events });
  }
  const loop = new ClosedLoop({
    concurrency: plan.load.concurrency,
    endUs: window.endUs,
    maxRequests: MAX_REQUESTS,
    clock,
    fire,
  });
  flight.onSettled = (gotAnswer) => loop.settled(gotAnswer);
  return loop;
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
  await orAborted(settled, signal);
  clearTimeout(timer);
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let stop: () => void = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([work, aborted]);
  signal.removeEventListener('abort', stop);
}
