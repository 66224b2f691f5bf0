import type { Load, Point, ToldCounts } from '@servelab/core';

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
