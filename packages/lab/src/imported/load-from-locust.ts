import { type Counts, NO_COUNTS } from '@servelab/core';
import type { LocustFailures } from './files/locust-failures.js';
import type { LocustHistory } from './files/locust-history.js';
import type { LocustJson } from './files/locust-json.js';
import type { LocustDistribution, LocustStats } from './files/locust-stats.js';
import {
  type ClientNote,
  closedMean,
  type GivenLoad,
  type ImportedLoad,
  NO_LAG,
  NO_TIMES,
  perSecond,
  type Times,
} from './imported-load.js';

export interface LocustFiles {
  readonly stats: LocustStats | undefined;
  readonly distribution: LocustDistribution | undefined;
  readonly history: LocustHistory | undefined;
  readonly failures: LocustFailures | undefined;
  readonly json: LocustJson | undefined;
  readonly note: ClientNote | null;
}

/**
 * A load of Locust: always a closed loop. It times from the call of its client to the last byte, so setting up a
 * connection counts, and it times failed requests like others.
 *
 * @returns null where the files have no figures
 */
export function loadFromLocust(
  { stats, distribution, history, failures, json, note }: LocustFiles,
  given: GivenLoad,
): Omit<ImportedLoad, 'name' | 'files'> | null {
  // The CSV files are written once a second and may lack the last one.
  const figures = json ?? stats;
  if (figures === undefined) return null;
  const { requests } = figures;
  const perS = perSecond(requests, json?.measuredS ?? null) ?? stats?.requestsPerS ?? null;
  const counts = countsOf(figures, failures);
  const throughputRps = perS === null || requests === 0 ? null : (perS * counts.ok) / requests;
  const users = note?.users ?? history?.users ?? given.users;
  const thinkS = note?.thinkS ?? null;
  const warmupIncluded =
    note !== null ? note.warmupS === 0 : history === undefined ? null : !history.wasReset;
  return {
    tool: 'locust',
    load: { mode: 'closed', ...(users === null ? {} : { concurrency: users }) },
    loadIsKnown: true,
    measuredS: json?.measuredS ?? (perS === null || perS === 0 ? null : requests / perS),
    counts,
    // Our own script looks into every answer.
    checked: note === null ? 0 : requests,
    throughputRps,
    fromSend: withPercentiles(figures.times, distribution),
    fromSchedule: { ...NO_TIMES, mean: closedMean({ users, perS, thinkS, warmupIncluded }) },
    lagMs: NO_LAG,
    timed: requests,
    failuresTimed: figures.failures > 0,
    dropped: 0,
    warmupIncluded,
    thinkS,
    connections: { charged: 'in the latency', meanMs: null, maxMs: null },
    client: note,
    point: null,
  };
}

/** The table of requests of Locust before 0.13 has the median alone. */
function withPercentiles(times: Times, distribution: LocustDistribution | undefined): Times {
  if (distribution === undefined || times.p90 !== null) return times;
  const { mean, max } = times;
  return { ...distribution.times, mean, max };
}

/** Without the file that tells kinds apart, and for what it does not have, a failure is just that. */
function countsOf(
  { requests, failures: failed }: Pick<LocustStats, 'requests' | 'failures'>,
  kinds: LocustFailures | undefined,
): Counts {
  const { wrong, rejected, timed_out } = kinds?.counts ?? NO_COUNTS;
  const ok = requests - failed;
  const told = wrong + rejected + timed_out;
  if (told > failed) return { ...NO_COUNTS, scheduled: requests, ok, failed };
  return { ...NO_COUNTS, scheduled: requests, ok, wrong, rejected, failed: failed - told, timed_out };
}
