import { type Load, type Point, samplesForPercentile, type ToldCounts } from '@servelab/core';

type SendingTool = 'locust' | 'k6' | 'servelab';

/** Percentiles and moments in ms; null where the files do not have them. */
export interface Times {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p99_9: number | null;
  readonly max: number | null;
}

export const NO_TIMES: Times = {
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  p99_9: null,
  max: null,
};

/** One load as the result files of one tool tell it; null where they do not. */
export interface ImportedLoad {
  /** Of the stack where a note says it, otherwise what the files' names have in common. */
  readonly name: string;
  readonly tool: SendingTool;
  /** Base names. */
  readonly files: readonly string[];
  readonly load: Load;
  /** False where neither the files nor the command line say whether the loop was open or closed. */
  readonly loadIsKnown: boolean;
  /** Length of what the figures are about. */
  readonly measuredS: number | null;
  readonly counts: ToldCounts;
  /** How many of the answers the tool looked into, not only at their status. */
  readonly checked: number;
  readonly throughputRps: number | null;
  /** From the send to the last byte. */
  readonly fromSend: Times;
  /** From the moment at which a request was due. */
  readonly fromSchedule: Times;
  /** How late requests of a rate were sent, ms. */
  readonly lagMs: { readonly p50: number | null; readonly p99: number | null };
  /** Requests that the times are of. */
  readonly timed: number;
  /** True where failed requests are among those that are timed; null where it is not known whether any failed. */
  readonly failuresTimed: boolean | null;
  /** Requests that were due and never sent, for lack of a free user. */
  readonly dropped: number;
  /** True where the figures begin with the first request, a cold start included. */
  readonly warmupIncluded: boolean | null;
  /** Time between an answer and the user's next request that was asked for. */
  readonly thinkS: number | null;
  /** Setting up connections. */
  readonly connections: ConnectionTimes;
  readonly client: ClientNote | null;
  /** The point as `servelab load --json` has printed it, to be taken over as it is. */
  readonly point: Point | null;
}

interface ConnectionTimes {
  /** Whether a request that has to connect is charged for it; `before` where connections are opened before the load. */
  readonly charged: 'in the latency' | 'apart' | 'before';
  /** Mean over all requests, ms. */
  readonly meanMs: number | null;
  readonly maxMs: number | null;
}

/** What `make locust` and `make k6` note of the client, which the tools' own files do not say. */
export interface ClientNote {
  readonly toolVersion: string;
  readonly stack: string;
  readonly url: string;
  readonly users: number | null;
  readonly rateRps: number | null;
  readonly warmupS: number;
  readonly measuredS: number;
  readonly thinkS: number;
  /** How many cores it can keep busy: the processes of Locust, the cores that k6 may use. */
  readonly cores: number;
  /** CPU seconds of all its processes for a second of the measured part; null where the system does not tell. */
  readonly busy: number | null;
}

export const NO_LAG: ImportedLoad['lagMs'] = { p50: null, p99: null };

/** What the command line says of loads whose files do not say it. */
export interface GivenLoad {
  readonly users: number | null;
  readonly rateRps: number | null;
}

/** @returns null where the length is not known, or nothing was measured */
export const perSecond = (count: number, seconds: number | null): number | null =>
  seconds === null || seconds <= 0 ? null : count / seconds;

interface ClosedLoad {
  readonly users: number | null;
  /** Answers a second, failed ones included. */
  readonly perS: number | null;
  readonly thinkS: number | null;
  readonly warmupIncluded: boolean | null;
}

/**
 * Mean latency from the schedule of a closed loop without think time, ms. Each of N users always has one request
 * that is due: the next as soon as one is answered. So by Little's law the mean is N over the throughput, whatever
 * the tool does between an answer and the send.
 *
 * @returns null where users are started within the figures, or may have paused
 */
export function closedMean({ users, perS, thinkS, warmupIncluded }: ClosedLoad): number | null {
  if (users === null || perS === null || perS === 0 || thinkS !== 0 || warmupIncluded !== false) return null;
  return (1000 * users) / perS;
}

/**
 * How much of their time the users of a closed loop wait for an answer, by Little's law: throughput x mean time of a
 * request over users. What is missing to 1 is the tool's own work between requests, and pauses.
 *
 * @returns null for an open loop, and where the files do not have the figures
 */
export function busyShare({
  load,
  counts,
  measuredS,
  fromSend,
  connections,
}: Pick<ImportedLoad, 'load' | 'counts' | 'measuredS' | 'fromSend' | 'connections'>): number | null {
  const { mode, concurrency } = load;
  if (mode !== 'closed' || concurrency === undefined || measuredS === null || measuredS === 0) return null;
  if (fromSend.mean === null) return null;
  const connectMs = connections.charged === 'apart' ? (connections.meanMs ?? 0) : 0;
  return ((counts.scheduled / measuredS) * (fromSend.mean + connectMs)) / 1000 / concurrency;
}

/** A load without the percentiles that its samples do not support, which the tools give all the same. */
export function withSupportedTimes(load: ImportedLoad): ImportedLoad {
  const supported = (value: number | null, fraction: number) =>
    load.timed >= samplesForPercentile(fraction) ? value : null;
  const timesOf = (times: Times): Times => ({
    mean: times.mean,
    p50: supported(times.p50, 0.5),
    p90: supported(times.p90, 0.9),
    p95: supported(times.p95, 0.95),
    p99: supported(times.p99, 0.99),
    p99_9: supported(times.p99_9, 0.999),
    max: times.max,
  });
  return { ...load, fromSend: timesOf(load.fromSend), fromSchedule: timesOf(load.fromSchedule) };
}
