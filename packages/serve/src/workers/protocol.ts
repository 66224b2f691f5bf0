import type { DecodeErrorCode } from '../decode/image-decoder.js';
import type { Device, DeviceUse } from '../runtime/devices.js';
import type { RuntimeSpec } from '../runtime/model-runtime.js';
import type { ScoredClass } from './inference-engine.js';

/** What it takes to open the model and to decode images for it, wherever that is done. */
export interface RunnerSetup {
  readonly runtime: RuntimeSpec;
  /** The first that can be used runs the model; a simulated runtime asks for none. */
  readonly devices: readonly Device[];
  /** Images; the worker's pixel buffer is this large. */
  readonly maxBatchSize: number;
  readonly maxImagePixels: number;
  readonly maxImageSide: number;
  /** The main process sees to it; the worker only says in time which image it is about. */
  readonly decodeTimeoutMs: number;
  readonly exactDecode: boolean;
  /** That decode while the model runs; 0 decodes on the thread of the model, between two runs. */
  readonly decodeThreads: number;
}

/** An image on its way to the model. */
export interface ImageFile {
  /** The same from its arrival to its answer. */
  readonly image: number;
  /** The encoded file; null where the worker was given it before, to decode it ahead. */
  readonly bytes: Uint8Array | null;
}

/**
 * What is to run now, and what may be decoded meanwhile.
 *
 * @typeParam File an image's file, or where it lies
 */
export interface BatchOrder<File = ImageFile> {
  readonly batch: number;
  readonly images: readonly File[];
  /** The images that are likely to run next. One of an earlier order that is in neither list is wanted no more. */
  readonly ahead: readonly File[];
}

/** What a worker has to know before it can serve. */
export interface WorkerSetup extends RunnerSetup {
  /** Of the memory in which the server has bodies; 0 where it shares none. */
  readonly sharedBytes: number;
  /** Time every batch size at warm-up; false for a replacement, which had better be back soon. */
  readonly measureCosts: boolean;
}

/** Descriptors that a worker inherits where the server shares memory; 3 is the channel of messages. */
export const SHARED_MEMORY_FD = 4;
export const FRAMES_FD = 5;

/**
 * Main process to worker. One batch at a time; the next one only after the answer to the last. Where all files of a batch lie
 * in shared memory, the batch and its answer cross as frames (`frames/`) in place of `run` and `done`.
 */
export type ToWorker =
  | { readonly type: 'open'; readonly setup: WorkerSetup }
  /** Encoded files: they are a sixth of their pixels, and decoding off the main process leaves that free. */
  | ({ readonly type: 'run' } & BatchOrder);

/** Worker to main process. */
export type FromWorker =
  /** Warmed up. `costsMs`: inference of n images at index n - 1; empty where it was not measured. */
  | { readonly type: 'ready'; readonly costsMs: readonly number[]; readonly device: DeviceUse | null }
  | { readonly type: 'open-failed'; readonly error: WorkerFailure }
  /** An image whose decoding takes long: how long so far. */
  | { readonly type: 'decoding'; readonly image: number; readonly decodeUs: number }
  /** It has come to an end after all. */
  | { readonly type: 'decoded'; readonly image: number }
  | DoneMessage
  /** The model threw. The worker is not trusted any more. */
  | { readonly type: 'failed'; readonly batch: number; readonly error: WorkerFailure };

export interface DoneMessage {
  readonly type: 'done';
  readonly batch: number;
  /** In the order of the images. */
  readonly results: readonly WorkerResult[];
  /** Until all images had been decoded; what was decoded ahead took no part of it. */
  readonly decodeUs: number;
  readonly inferUs: number;
}

export type WorkerResult =
  | { readonly ok: true; readonly decodeUs: number; readonly top: readonly ScoredClass[] }
  | { readonly ok: false; readonly decodeUs: number; readonly code: DecodeErrorCode };

/** An error that crossed the process boundary; `fix` where it was one for people. */
export interface WorkerFailure {
  readonly message: string;
  readonly fix: string | undefined;
}
