import type { ErrorCode } from '@servelab/core';
import type { SchedulerEvent, WaitingImage } from './scheduler-event.js';

/** A batch that is closed (no image may join it) but not started. */
export interface FormedBatch {
  readonly id: number;
  readonly ids: readonly number[];
  readonly formedUs: number;
}

/** The state that a policy may read while it decides. A view that is kept shows the later state. */
export interface PolicyView {
  /** Oldest first; images in formed batches are not among them. */
  readonly waiting: readonly WaitingImage[];
  /** Oldest first. */
  readonly formed: readonly FormedBatch[];
  readonly idleWorkers: readonly number[];
  /**
   * Since when at least one worker has been idle without a break; without meaning while none is. An image's wait counts from
   * here, as it cannot start earlier.
   */
  readonly idleSinceUs: number;
  readonly busyWorkers: number;
  /** The id that the first batch formed by this decision gets; the next one gets `nextBatchId + 1`, and so on. */
  readonly nextBatchId: number;
}

/** Why a batch is formed. */
export interface BatchReason {
  /** For people. */
  readonly reason: string;
  /** Short stable name of the rule that fired, for counters; `other` where a policy gives none. */
  readonly rule?: string;
}

/** A batch to close now. */
export interface BatchProposal extends BatchReason {
  readonly ids: readonly number[];
}

export interface PolicyDecision {
  readonly form: readonly BatchProposal[];
  /** Batches to hand to idle workers now: ids of `view.formed` or of batches formed by this same decision. */
  readonly start: readonly { readonly batch: number; readonly worker: number }[];
  readonly shed: readonly { readonly id: number; readonly code: ErrorCode }[];
  /** Call `decide` again at this moment, even without an event before. Required while an image waits and a worker is idle. */
  readonly wakeAtUs?: number;
}

/**
 * Work of a policy that takes too long for `decide`. The server runs it on a thread of its own, of lower priority than
 * requests and one input at a time; the simulator calls `run` at once. The result comes as the event `task-done`. A task
 * that throws, or takes more than 30 s, has no result: the policy goes on without.
 */
export interface BackgroundTask<Input = unknown, Result = unknown> {
  /** The work: a function of its input alone. Between threads both are copied (structured clone). */
  run(input: Input): Result;
  /** The module whose default export is `run`, as `import()` takes it: the URL of a file, or a package's export. */
  readonly module: string;
  /** An input of the usual size. It is run once before there are requests, so that the code is compiled by then. */
  readonly warmUpInput?: Input;
  /** Called after every event while nothing runs: the input of what to run now, undefined for nothing. */
  next(nowUs: number): Input | undefined;
}

/**
 * Decides which images run together, when and where. Pure: no timers, no I/O, no clock of its own; the same
 * events and views always give the same decisions, in the server and in the simulator alike.
 */
export interface Policy {
  readonly name: string;
  observe(event: SchedulerEvent): void;
  decide(view: PolicyView, nowUs: number): PolicyDecision;
  readonly backgroundTask?: BackgroundTask;
  /** What the policy has learned and follows, for people: `/debug/policy`. Plain JSON. */
  explain?(nowUs: number): Record<string, unknown>;
}
