import type { DeviceUse } from '../runtime/devices.js';
import type { BatchOrder, DoneMessage, WorkerFailure } from './protocol.js';

/** Why a worker is gone, for the logs in words. */
export type ProcessLoss = { readonly cause: string } & (
  | { readonly kind: 'ended' | 'timed-out' }
  | { readonly kind: 'decode-timed-out'; readonly image: number }
);

export interface PlaceEvents {
  ready(costsMs: readonly number[], device: DeviceUse | null): void;
  done(answer: DoneMessage): void;
  /** The batch that ran, if one did, is lost. A successor follows. */
  lost(loss: ProcessLoss, failures: number): void;
  /** The runtime cannot be opened; the worker is `lost` next. */
  openFailed(error: WorkerFailure): void;
}

/** A place for a worker, which runs one batch at a time; workers may come and go on it. */
export interface Place {
  readonly isReady: boolean;
  /** Of its process; undefined while there is none, and where it has none of its own. */
  readonly pid: number | undefined;
  start(measureCosts: boolean): void;
  run(order: BatchOrder): void;
  close(): Promise<void>;
}
