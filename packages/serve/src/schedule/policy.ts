import type { ErrorCode } from '@servelab/core';
import type { PlanQuestion } from './policies/optimal/choose-plan.js';
import type { SchedulerEvent, WaitingImage } from './scheduler-event.js';

/** A batch that is closed (nobody may join it) but not started. */
export interface FormedBatch {
  readonly id: number;
  readonly ids: readonly number[];
  readonly formedUs: number;
}

/** What a policy may look at while it decides; kept for later, it shows what is so then. */
export interface PolicyView {
  /** Oldest first; images in formed batches are not among them. */
  readonly waiting: readonly WaitingImage[];
  /** Oldest first. */
  readonly formed: readonly FormedBatch[];
  readonly idleWorkers: readonly number[];
  /** Since when a worker has been idle without a break; of no meaning while none is. Waiting beside it counts from here. */
  readonly idleSinceUs: number;
  readonly busyWorkers: number;
  /** The id that the first batch formed by this decision gets; the next one gets `nextBatchId + 1`, and so on. */
  readonly nextBatchId: number;
}

/** A batch to close now. */
export interface BatchProposal {
  readonly ids: readonly number[];
  /** Why, in words that a person understands. */
  readonly reason: string;
  /** Short stable name of the rule that fired, for counters; `other` where a policy gives none. */
  readonly rule?: string;
}

export interface PolicyDecision {
  readonly form: readonly BatchProposal[];
  /** Batches to hand to idle workers now: ids of `view.formed` or of batches formed by this same decision. */
  readonly start: readonly { readonly batch: number; readonly worker: number }[];
  readonly shed: readonly { readonly id: number; readonly code: ErrorCode }[];
  /** Ask again at this moment even if nothing happens before. Required while an image waits and a worker is idle. */
  readonly wakeAtUs?: number;
}

/**
 * Decides which images run together, when and where. Pure: no timers, no I/O, no clock of its own; the same
 * events and views always give the same decisions, in the server and in the simulator alike.
 */
export interface Policy {
  readonly name: string;
  observe(event: SchedulerEvent): void;
  decide(view: PolicyView, nowUs: number): PolicyDecision;
  /**
   * Asked after every decision: what the policy wants worked out off the hot path now, if anything. The host has it
   * solved (`choosePlan`) and tells the answer as an event.
   */
  question?(nowUs: number): PlanQuestion | undefined;
  /** What the policy has learned and follows, for people: `/debug/policy`. Plain JSON. */
  explain?(nowUs: number): Record<string, unknown>;
}
