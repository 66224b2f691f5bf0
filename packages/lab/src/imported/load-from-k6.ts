import { type Load, NO_COUNTS, type ToldCounts } from '@servelab/core';
import { unknownCounts } from '../analyse/outcome-counts.js';
import type { K6Points, K6Request } from './files/k6-points.js';
import type { K6Summary } from './files/k6-summary.js';
import { sampleTimes } from './files/times.js';
import {
  type ClientNote,
  closedMean,
  type GivenLoad,
  type ImportedLoad,
  NO_LAG,
  NO_TIMES,
  perSecond,
} from './imported-load.js';
import { scheduleLags } from './schedule-lags.js';

export interface K6Files {
  readonly summary: K6Summary | undefined;
  readonly points: K6Points | undefined;
  readonly note: ClientNote | null;
}

type Told = Omit<ImportedLoad, 'name' | 'files'>;

/**
 * A load of k6: users in a closed loop, or iterations at a rate. Its durations run from the send to the last byte;
 * waiting for a connection and opening it is told apart.
 *
 * @returns null where the files have no figures
 */
export function loadFromK6({ summary, points, note }: K6Files, given: GivenLoad): Told | null {
  if (points !== undefined) return fromPoints(points, summary, note, given);
  return summary === undefined ? null : fromSummary(summary, note, given);
}

function fromSummary(summary: K6Summary, note: ClientNote | null, given: GivenLoad): Told {
  const { requests, failures, dropped, measuredS } = summary;
  const { load, isKnown } = loadOf(summary, dropped, note, given);
  const counts = countsOf(summary);
  const thinkS = note?.thinkS ?? summary.thinkS;
  const perS = perSecond(requests, measuredS);
  const warmupIncluded = !summary.warmupLeftOut;
  const users = load.concurrency ?? null;
  return {
    tool: 'k6',
    load,
    loadIsKnown: isKnown,
    measuredS,
    counts,
    checked: summary.checks > 0 ? requests - (failures ?? requests) : 0,
    throughputRps: requests === 0 || counts.ok === null ? null : perSecond(counts.ok, measuredS),
    fromSend: summary.times,
    fromSchedule: { ...NO_TIMES, mean: closedMean({ users, perS, thinkS, warmupIncluded }) },
    lagMs: NO_LAG,
    timed: requests,
    failuresTimed: failures === null ? null : failures > 0,
    dropped,
    warmupIncluded,
    thinkS,
    connections: { charged: 'apart', meanMs: summary.connectMs.mean, maxMs: summary.connectMs.max },
    client: note,
    point: null,
  };
}

function countsOf({ requests, failures, wrong, dropped }: K6Summary): ToldCounts {
  const scheduled = requests + dropped;
  if (failures === null || wrong === null) return unknownCounts(scheduled, dropped);
  const ok = requests - failures - wrong;
  return { ...NO_COUNTS, scheduled, ok, wrong, failed: failures, incomplete: dropped };
}

function fromPoints(
  points: K6Points,
  summary: K6Summary | undefined,
  note: ClientNote | null,
  given: GivenLoad,
): Told {
  const { load, isKnown } = loadOf(points, points.droppedMs.length, note, given);
  const all = points.requests;
  const measured = all.filter((request) => request.measured);
  const startMs = measured.reduce(
    (least, request) => Math.min(least, startOf(request)),
    Number.POSITIVE_INFINITY,
  );
  const dropped = points.droppedMs.filter((ms) => ms >= startMs).length;
  const measuredS = points.measuredS ?? lengthS(startMs, lastEnd(measured), points.preciseMoments);
  const counts = countRequests(measured, points.failedChecks, dropped);
  const thinkS = note?.thinkS ?? points.thinkS ?? summary?.thinkS ?? null;
  const perS = perSecond(measured.length, measuredS);
  const failuresKnown = measured.every(({ failed }) => failed !== null);
  const answered = measured.filter(({ failed }) => failed !== true);
  const warmupIncluded = !points.warmupLeftOut;
  const users = load.concurrency ?? null;
  return {
    tool: 'k6',
    load,
    loadIsKnown: isKnown,
    measuredS,
    counts,
    checked: points.failedChecks.size > 0 && failuresKnown ? answered.length : 0,
    throughputRps: counts.ok === null ? null : perSecond(counts.ok, measuredS),
    fromSend: sampleTimes(answered.map(({ durationMs }) => durationMs)),
    ...(load.mode === 'open' && points.preciseMoments
      ? openTimes(all, points.droppedMs, load.rate_rps ?? 0)
      : {
          fromSchedule: { ...NO_TIMES, mean: closedMean({ users, perS, thinkS, warmupIncluded }) },
          lagMs: NO_LAG,
        }),
    timed: answered.length,
    failuresTimed: failuresKnown ? false : null,
    dropped,
    warmupIncluded,
    thinkS,
    connections: {
      charged: 'apart',
      meanMs: sampleTimes(measured.map(({ blockedMs }) => blockedMs)).mean,
      maxMs: measured.reduce((longest, { blockedMs }) => Math.max(longest, blockedMs), 0),
    },
    client: note,
    point: null,
  };
}

/** A length between moments in whole seconds may be one off: below this it would be more than 5 %. */
const SHORTEST_OF_WHOLE_SECONDS = 20;

function lengthS(startMs: number, endMs: number, preciseMoments: boolean): number | null {
  const seconds = (endMs - startMs) / 1000;
  if (!Number.isFinite(seconds)) return null;
  return preciseMoments || seconds >= SHORTEST_OF_WHOLE_SECONDS ? seconds : null;
}

const REJECTED = [429, 503];

/** A request that was due and never sent is `incomplete`: it was scheduled, and nothing came of it. */
function countRequests(
  requests: readonly K6Request[],
  failedChecks: ReadonlyMap<string, number>,
  dropped: number,
): ToldCounts {
  if (requests.some(({ failed }) => failed === null)) {
    return unknownCounts(requests.length + dropped, dropped);
  }
  const failed = requests.filter((request) => request.failed === true);
  const timedOut = failed.filter(({ timedOut: late }) => late).length;
  const rejected = failed.filter(({ status }) => REJECTED.includes(status)).length;
  const worst = Math.max(0, ...failedChecks.values());
  const wrong = Math.max(0, Math.min(requests.length, worst) - failed.length);
  return {
    scheduled: requests.length + dropped,
    ok: requests.length - failed.length - wrong,
    wrong,
    rejected,
    failed: failed.length - timedOut - rejected,
    timed_out: timedOut,
    incomplete: dropped,
  };
}

/** Late sends of the tool are charged to the requests, as everywhere in the lab. */
function openTimes(
  all: readonly K6Request[],
  droppedMs: readonly number[],
  rateRps: number,
): Pick<Told, 'fromSchedule' | 'lagMs'> {
  const lags = scheduleLags(all.map(startOf), droppedMs, rateRps);
  if (lags === null) return { fromSchedule: NO_TIMES, lagMs: NO_LAG };
  const measured = all
    .map((request, at) => ({ ...request, lagMs: lags[at] ?? 0 }))
    .filter((request) => request.measured);
  const { p50, p99 } = sampleTimes(measured.map(({ lagMs }) => lagMs));
  const answered = measured.filter(({ failed }) => failed !== true);
  return {
    fromSchedule: sampleTimes(
      answered.map(({ lagMs, blockedMs, durationMs }) => lagMs + blockedMs + durationMs),
    ),
    lagMs: { p50, p99 },
  };
}

const startOf = ({ endMs, durationMs, blockedMs }: K6Request): number => endMs - durationMs - blockedMs;
const lastEnd = (requests: readonly K6Request[]): number =>
  requests.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);

/** An open loop is known by its rate; one that dropped iterations is one, too, since a closed loop has none to drop. */
function loadOf(
  said: Pick<K6Summary, 'users' | 'rateRps' | 'mostUsers'>,
  dropped: number,
  note: ClientNote | null,
  given: GivenLoad,
): { readonly load: Load; readonly isKnown: boolean } {
  const rate = note?.rateRps ?? said.rateRps ?? given.rateRps;
  if (rate !== null) return { load: { mode: 'open', rate_rps: rate, arrivals: 'constant' }, isKnown: true };
  if (dropped > 0) return { load: { mode: 'open', arrivals: 'constant' }, isKnown: true };
  const users = note?.users ?? said.users ?? given.users;
  if (users !== null) return { load: { mode: 'closed', concurrency: users }, isKnown: true };
  const { mostUsers } = said;
  return {
    load: { mode: 'closed', ...(mostUsers === null ? {} : { concurrency: mostUsers }) },
    isKnown: false,
  };
}
