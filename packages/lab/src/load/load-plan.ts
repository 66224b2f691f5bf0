import type { Counts, LoadProfile } from '@servelab/core';
import type { AdapterSpec } from '../adapters/adapter.js';
import type { Arrivals } from '../pace/schedule.js';
import type { RequestRecord } from '../record/request-record.js';
import type { AnswerCheck } from './answer-check.js';
import type { HttpMethod } from './http-request.js';

/** `concurrency` users, each of whom sends the next request when the answer to the last one is there. */
export interface ClosedLoad {
  readonly mode: 'closed';
  readonly concurrency: number;
}

/** Requests sent at scheduled moments, whatever the server does. */
export interface OpenLoad {
  readonly mode: 'open';
  /** The first rate where a profile changes it, the mean one of a trace. */
  readonly rate_rps: number;
  readonly arrivals: Arrivals;
  /** Absent: the rate stays. A soak's rate stays too, but is looked at in windows, for drift. */
  readonly profile?: LoadProfile;
}

/** Where recorded arrivals are, and in which column of a CSV. */
export interface ReplayedTrace {
  readonly path: string;
  readonly column: string | null;
}

/** Both are assignable to the report's `Load`. */
export type LoadShape = ClosedLoad | OpenLoad;

export interface PlannedImage {
  readonly path: string;
  /** The class that a right answer puts first; null where nobody knows. */
  readonly expectedClass: number | null;
}

/** All that one driver process needs: plain data, so that it crosses the process border and is kept in run.json. */
export interface LoadPlan {
  /** Where to send, for example `http://127.0.0.1:8080/predict`; `{{image_name}}` and `{{index}}` may stand in it. */
  readonly url: string;
  /** POST unless it is given; a GET has no body. */
  readonly method?: HttpMethod;
  readonly adapter: AdapterSpec;
  readonly headers?: Readonly<Record<string, string>>;
  /** Present where the certificate of an https server is not checked. */
  readonly insecure?: true;
  readonly images: readonly PlannedImage[];
  readonly load: LoadShape;
  /** Sent at these moments instead of drawn ones; the load's profile then says `replay`. */
  readonly replay?: ReplayedTrace;
  /** Load before the measured part, at the same rate, without a break between them. */
  readonly warmupUs: number;
  /** It goes on to this at most while fewer than a dozen are answered or answers become faster; absent: it does not. */
  readonly warmupMaxUs?: number;
  readonly durationUs: number;
  /** From the scheduled moment to the last byte of the answer. */
  readonly timeoutUs: number;
  /** How long to wait for what is in flight after the last request; then it is `incomplete`. */
  readonly graceUs: number;
  /** Decides the arrivals, the order of the images and which answers are checked. */
  readonly seed: number;
  /** Share of the answers that are held against `expectedClass` or `answerCheck`, 0-1. */
  readonly checkShare: number;
  /** For endpoints with answers of their own; then `expectedClass` counts for nothing. */
  readonly answerCheck?: AnswerCheck;
  /** Where the records go (NDJSON); written under another name first. */
  readonly recordsPath: string;
  /** Connections opened before the start and at most; by default enough for the load (see `connectionPlan`). */
  readonly connections?: { readonly ahead: number; readonly max: number };
}

export type DriverPhase = 'connecting' | 'warmup' | 'measured' | 'grace' | 'writing';

/** A few times a second while the load runs. */
export interface DriverProgress {
  phase: DriverPhase;
  elapsedUs: number;
  /** Warm-up and measured part together. */
  totalUs: number;
  sent: number;
  /** Requests with an outcome. */
  done: number;
  /** Of those, all that are not `ok`. */
  errors: number;
  inFlight: number;
  /** Answers per second since the last progress. */
  ratePerS: number;
  /** Since the start, from the scheduled moment, to within 5 %; null before the first answer. */
  latencyUs: { p50: number; p95: number; p99: number } | null;
}

export interface LoadResult {
  recordsPath: string;
  /** Present where the records could not be written there: why, and the records themselves. */
  unwritten?: { reason: string; records: RequestRecord[] };
  /** The measured part; the last six add up to `scheduled`. */
  counts: Counts;
  /** The same for the warm-up. */
  warmup: Counts;
  /** Answers compared with the expected class, measured part. */
  checked: number;
  /** How long the warm-up was in the end. */
  warmupUs: number;
  /** Whether it ended because the answers were steady; null where its length was fixed. */
  warmupSteady: boolean | null;
  /** Moments on the monotonic clock. */
  startedUs: number;
  measuredFromUs: number;
  measuredToUs: number;
  endedUs: number;
  /** Share of time that the driver's event loop was busy while sending, without the time spent spinning, 0-1. */
  utilisation: number;
  /** CPU seconds of the driver while sending, spinning included. */
  cpuS: number;
  connectionsOpened: number;
  /** True when the run was stopped early; what was in flight then is `incomplete`. */
  aborted: boolean;
  /** The commonest first. */
  errors: { message: string; count: number }[];
}
