import type { BatchRecord, StackBatching } from '@servelab/core';
import type { AdapterSpec } from '../adapters/adapter.js';
import type { ProcessUsage } from '../machine/process-usage.js';
import type { StartFailure } from '../process/start-process.js';

/** How a stack forms its batches, as far as it is known. */
export interface BatchingDescription {
  readonly kind: StackBatching['kind'];
  /** Images. */
  readonly maxBatchSize?: number;
  /** The longest wait for more images. */
  readonly windowMs?: number;
}

/** What is known of a stack before it runs. */
export interface StackDescription {
  /** As in `report.json`; unique within its workload. */
  readonly name: string;
  readonly workload: string;
  readonly kind: 'servelab' | 'peer' | 'other';
  /** `servelab`, the name of the framework, or that of the server. */
  readonly framework: string;
  readonly form: string;
  readonly runtime: string;
  readonly precision: string;
  /** Label of the batching; of our own server the policy. */
  readonly policy: string;
  readonly batching: BatchingDescription;
  /** Runs already and is left as it is: no fresh process, no cores of its own, no CPU figures. */
  readonly uncontrolled?: true;
  /** Its answers are not held against the reference: any 2xx is right. */
  readonly unchecked?: true;
}

/** A way to serve the model that the lab can start. One file a stack; a new one is listed where they are built. */
export interface Stack extends StackDescription {
  /** How its predict route is spoken to, here and while it is timed. */
  readonly adapter: AdapterSpec;
  /**
   * Starts a fresh process and resolves when it can answer.
   *
   * @param cores cores for all its processes; null leaves it unpinned
   * @throws StackFailure when it does not start in time or ends instead; nothing is left running then
   */
  start(cores: readonly number[] | null, signal: AbortSignal): Promise<RunningStack>;
}

export interface RunningStack {
  readonly url: string;
  /** Where images are POSTed. */
  readonly predictUrl: string;
  readonly version: string;
  /** What runs its model, where it tells. */
  readonly device?: string | null;
  /** Whether the process still runs. */
  alive(): boolean;
  logTail(): string;
  usage(): Promise<ProcessUsage | null>;
  /** Batches formed so far that the stack still remembers; [] where it does not tell. */
  batches(): Promise<BatchRecord[]>;
  /**
   * Ends all its processes and resolves when none is left. Safe to call twice.
   *
   * @returns what did not end in order and was ended by force, or is still there, in words; [] as a rule
   */
  stop(): Promise<string[]>;
}

/** A stack did not start, or died: reported with the end of its log while the other stacks go on. */
export class StackFailure extends Error {
  override readonly name = 'StackFailure';
  constructor(
    message: string,
    readonly logTail: string,
  ) {
    super(message);
  }
}

/** The failure of a stack of this name that did not start. */
export const startFailure =
  (name: string): StartFailure =>
  (why, logTail) =>
    new StackFailure(`${name} ${why}`, logTail);
