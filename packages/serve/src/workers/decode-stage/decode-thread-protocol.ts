import type { DecodeErrorCode, DecoderOptions } from '../../decode/image-decoder.js';

/** What a decoding thread has to know before its first image. */
export interface DecodeThreadSetup {
  readonly decoding: Omit<DecoderOptions, 'reserve'>;
  /** Of the model's input, pixels each way. */
  readonly size: number;
  /** `[slots, size, size, 3]` RGB bytes, to be written. */
  readonly pixels: SharedArrayBuffer;
  /** `PixelBudget` of all threads of the worker. */
  readonly budget: SharedArrayBuffer;
  /** `ThreadActivity` of this thread. */
  readonly activity: SharedArrayBuffer;
}

export interface DecodeTask {
  readonly task: number;
  readonly bytes: Uint8Array;
  /** Where the pixels go. */
  readonly slot: number;
}

/** In place of a task: the thread ends. */
export const NO_MORE_TASKS = null;

/** What a thread says first, once it has loaded what it needs. */
export const LOADED = 'loaded';

export interface DecodeTaskDone {
  readonly task: number;
  /** Null for an image that has been decoded. */
  readonly error: DecodeErrorCode | null;
  readonly decodeUs: number;
}
