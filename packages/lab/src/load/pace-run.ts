import type { NowUs } from '@servelab/core';
import { ClosedLoop } from './closed-loop.js';
import type { Flight } from './flight.js';
import type { LoadPlan } from './load-plan.js';
import { OpenLoop } from './open-loop.js';
import type { Pacer } from './pacer.js';
import type { PlannedArrivals } from './plan-arrivals.js';
import { MAX_REQUESTS, type RequestLog } from './request-log.js';
import type { RunWindow } from './run-window.js';
import type { Sender } from './sender.js';
import { WarmUp } from './warm-up.js';

/** What of a run its pace depends on. */
interface Paced {
  readonly plan: LoadPlan;
  /** Null for a closed load. */
  readonly arrivals: PlannedArrivals | null;
  readonly log: RequestLog;
  readonly flight: Flight;
  readonly sender: Sender;
  readonly clock: NowUs;
}

export interface PacedRun {
  readonly pacer: Pacer;
  /** Null where the length of the warm-up is fixed. */
  readonly warmUp: WarmUp | null;
}

/**
 * Starts to send. Where the warm-up may become longer, its end is decided as it goes, and the measured part follows
 * without a break.
 *
 * @param onMeasuredKnown called once it is settled when the measured part begins
 */
export function paceRun(run: Paced, window: RunWindow, onMeasuredKnown: () => void): PacedRun {
  const { plan, arrivals, log, clock } = run;
  const fixed = plan.warmupMaxUs === undefined;
  const open = arrivals === null ? null : startOpenLoop(run, arrivals, window);
  const pacer = open?.loop ?? startClosedLoop(run, window);
  const onEnd = () => {
    open?.beginMeasured();
    onMeasuredKnown();
  };
  if (fixed) {
    onEnd();
    return { pacer, warmUp: null };
  }
  const answers = () => log.answers();
  const onLengthened = () => open?.goOnWarmingUp();
  return { pacer, warmUp: new WarmUp(window, clock, { answers, onLengthened, onEnd }) };
}

/** An open loop is given its moments piece by piece, each before it is due. */
function startOpenLoop(run: Paced, { warmupUs, measuredUs }: PlannedArrivals, window: RunWindow) {
  const warmupUntil = (fromUs: number) =>
    warmupUs.filter((us) => us >= fromUs && us < window.warmupUs).map((us) => window.startedUs + us);
  let givenUs = window.warmupUs;
  const loop = new OpenLoop({
    scheduledUs: warmupUntil(0),
    clock: run.clock,
    fire: fireInto(run, window),
    events: () => run.flight.events,
  });
  return {
    loop,
    goOnWarmingUp: () => {
      loop.append(warmupUntil(givenUs));
      givenUs = window.warmupUs;
    },
    beginMeasured: () => {
      loop.append(measuredUs.map((us) => window.measuredFromUs + us));
      loop.complete();
    },
  };
}

function startClosedLoop(run: Paced, window: RunWindow): ClosedLoop {
  const { plan, flight, clock } = run;
  if (plan.load.mode !== 'closed') throw new Error('an open load needs its arrivals');
  const loop = new ClosedLoop({
    concurrency: plan.load.concurrency,
    endUs: () => window.endUs,
    maxRequests: MAX_REQUESTS,
    clock,
    fire: fireInto(run, window),
  });
  flight.onSettled = (gotAnswer) => loop.settled(gotAnswer);
  return loop;
}

/** While the warm-up may become longer, no moment is scheduled after the window's provisional end of it. */
const fireInto =
  ({ flight, sender }: Paced, window: RunWindow) =>
  (scheduledUs: number) =>
    flight.fire(sender, scheduledUs, scheduledUs < window.measuredFromUs ? 'warmup' : 'measured');
