import type { BatchRecord, ErrorCode } from '@servelab/core';
import type { Device, DeviceUse } from '../runtime/devices.js';
import type { RuntimeSpec } from '../runtime/model-runtime.js';
import type { Policy } from '../schedule/policy.js';
import type { SchedulerEvent, WorkerLoss } from '../schedule/scheduler-event.js';
import type { Block, BodyArena } from '../shared-memory/body-arena.js';

/** One encoded image file with all that the engine must know of it. */
export interface ImageJob {
  readonly requestId: string;
  readonly bytes: Uint8Array;
  /** Where a worker reads the bytes; held for as long as one may. */
  readonly block?: Block | null;
  readonly deadlineUs: number;
}

/** Probability of one class. */
export interface ScoredClass {
  readonly classId: number;
  readonly confidence: number;
}

/** Where one image's time went, in microseconds, and the batch that it was in. */
export interface ImageTiming {
  readonly decodeUs: number;
  readonly queueUs: number;
  readonly inferUs: number;
  readonly batchId: number;
  readonly batchSize: number;
  readonly reason: string;
}

export type ImageOutcome =
  | { readonly ok: true; readonly top: readonly ScoredClass[]; readonly timing: ImageTiming }
  | { readonly ok: false; readonly code: ErrorCode };

export type Submission =
  | { readonly accepted: true; readonly outcomes: Promise<ImageOutcome[]>; cancel(): void }
  | { readonly accepted: false; readonly code: ErrorCode; readonly retryAfterS: number };

/** What the engine tells the outside as it happens. */
export interface EngineObserver {
  batchDone(record: BatchRecord): void;
  /** A worker is ready, a successor of a lost one too: what runs its model. */
  deviceOpened?(use: DeviceUse): void;
  /** A worker process ended without being asked to; the engine replaces it. */
  workerLost(worker: number, cause: string, kind: WorkerLoss['kind']): void;
  /** The policy failed; `greedy` decides from now on. */
  policyFailed?(failure: Error): void;
  /** The policy's background task has no result for an input; the policy goes on without. */
  backgroundTaskFailed?(failure: Error): void;
  /** Every event of the scheduler, in order: replayed, they give the same batches. */
  schedulerEvent?(event: SchedulerEvent): void;
}

/** The policy that decides now, and what it has learned: plain JSON. */
export interface PolicyState extends Record<string, unknown> {
  readonly policy: string;
}

export interface EngineState {
  readonly queuedImages: number;
  readonly readyWorkers: number;
  readonly workers: number;
  /** How images come to where the model runs: `ipc` where no memory can be shared. */
  readonly transport: 'shared-memory' | 'ipc' | 'in-process';
  /** What runs the model; with commas where workers differ, null where it runs on none (simulated). */
  readonly device: string | null;
}

/**
 * Everything behind HTTP: admission, queue, policy, workers. All images of one submission are admitted
 * together or rejected together; each then has an outcome of its own.
 */
export interface InferenceEngine {
  /** Resolves once every worker has warmed up. */
  start(): Promise<void>;
  submit(jobs: readonly ImageJob[]): Submission;
  state(): EngineState;
  policyState(): PolicyState;
  /** Finishes what is queued, or fails it with `draining` after the time-out; then ends the workers. */
  close(drainTimeoutMs: number): Promise<void>;
}

/** An engine whose workers measured, at warm-up, what a batch costs on this machine. */
export interface MeasuredEngine extends InferenceEngine {
  /** Inference of a batch of n at index n - 1, milliseconds, as one worker measured it; empty before `start`. */
  batchCostsMs(): readonly number[];
  /** Of the worker processes that live now. */
  workerPids(): readonly number[];
}

export interface EngineOptions {
  readonly runtime: RuntimeSpec;
  /** In order of preference; the CPU by default. */
  readonly devices?: readonly Device[];
  readonly policy: Policy;
  /** Images. */
  readonly maxBatchSize: number;
  /** Processes; 0 runs the model in this one. */
  readonly workers: number;
  /** Images. */
  readonly queueLimit: number;
  readonly maxWaitMs: number;
  /** A worker that does not answer a batch in this time is ended and replaced. */
  readonly workerTimeoutMs: number;
  readonly maxImagePixels: number;
  readonly maxImageSide: number;
  /** A worker that decodes one image for longer is ended and replaced; that image alone has failed. */
  readonly decodeTimeoutMs: number;
  /** Decode large JPEG and WebP files at a reduced size: faster, and no longer the peers' pixels. */
  readonly exactDecode: boolean;
  /** Of each worker, which decode while its model runs; 0 decodes on the thread of the model. */
  readonly decodeThreads: number;
  /** In which bodies lie that the workers read without their being sent. */
  readonly arena?: BodyArena | null;
  readonly observer?: EngineObserver;
}
