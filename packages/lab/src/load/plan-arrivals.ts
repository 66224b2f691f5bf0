import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeText, environmentError, seededRandom, US_PER_S, usageError } from '@servelab/core';
import { errorCode } from '@servelab/node';
import { type ArrivalTrace, parseTrace } from '../pace/arrival-trace.js';
import { profileSchedule } from '../pace/profile-schedule.js';
import { expectedBetween, profilePieces } from '../pace/rate-profile.js';
import { openSchedule } from '../pace/schedule.js';
import type { LoadPlan, OpenLoad, ReplayedTrace } from './load-plan.js';
import { MAX_REQUESTS } from './request-log.js';

/** The moments of an open load, in microseconds; each part from its own beginning. */
export interface PlannedArrivals {
  /** To the latest end that the warm-up may have. */
  readonly warmupUs: Float64Array;
  readonly measuredUs: Float64Array;
}

/**
 * Drawn before the run, each part from a stream of its own: the measured arrivals are the same for every stack and
 * for one seed, however long the warm-up before them lasts. The warm-up has the rate that the measured part begins
 * with, or a trace's mean rate. Null for a closed load, whose moments the answers decide.
 *
 * @throws UserError (exit code 2) for more requests than a run can hold, (3) for a trace that cannot be read
 */
export async function planArrivals(plan: LoadPlan): Promise<PlannedArrivals | null> {
  const { load, warmupUs, warmupMaxUs = warmupUs, durationUs, seed, replay } = plan;
  if (load.mode === 'closed') return null;
  const { arrivals, rate_rps } = load;
  const ofWarmup = (rate_rps * warmupMaxUs) / US_PER_S;
  const trace = replay === undefined ? null : (await readTrace(replay)).momentsUs;
  requireRoom(ofWarmup + (trace?.length ?? expectedRequests(load, durationUs)));
  return {
    warmupUs:
      warmupMaxUs === 0
        ? new Float64Array()
        : openSchedule(arrivals, rate_rps, warmupMaxUs, seed, 'arrivals of the warm-up'),
    measuredUs: trace ?? drawn(load, durationUs, seed),
  };
}

/** @throws UserError (exit code 3) */
export async function readTrace({ path, column }: ReplayedTrace): Promise<ArrivalTrace> {
  let text: string;
  try {
    text = decodeText(await readFile(path));
  } catch (error) {
    const code = errorCode(error);
    throw environmentError(`the trace ${path} cannot be read (${code})`, 'Name a file that exists.', error);
  }
  return parseTrace(text, basename(path), column);
}

function drawn(load: OpenLoad, durationUs: number, seed: number): Float64Array {
  const pieces = piecesOf(load, durationUs);
  return pieces === null
    ? openSchedule(load.arrivals, load.rate_rps, durationUs, seed)
    : profileSchedule(pieces, load.arrivals, seededRandom(seed, 'arrivals'));
}

function expectedRequests(load: OpenLoad, durationUs: number): number {
  const pieces = piecesOf(load, durationUs);
  const durationS = durationUs / US_PER_S;
  return pieces === null ? load.rate_rps * durationS : expectedBetween(pieces, 0, durationS);
}

/** Null where the rate stays. */
function piecesOf({ rate_rps, profile }: OpenLoad, durationUs: number) {
  if (profile === undefined || profile.shape === 'soak' || profile.shape === 'replay') return null;
  return profilePieces(rate_rps, profile, durationUs / US_PER_S);
}

function requireRoom(expected: number): void {
  if (expected <= MAX_REQUESTS) return;
  throw usageError(
    `the load has about ${Math.round(expected)} requests, more than ${MAX_REQUESTS}`,
    'Lower the rate or the duration.',
  );
}
