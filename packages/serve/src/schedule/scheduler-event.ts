/** One image waiting for a batch. */
export interface WaitingImage {
  readonly id: number;
  readonly arrivedUs: number;
  /** Moment by which the answer must be ready; always finite (the request time-out bounds it). */
  readonly deadlineUs: number;
}

/** Times of a batch that has ended, as its worker measured them. */
export interface BatchTimes {
  /** Of the model alone; 0 where it did not run. */
  readonly inferUs: number;
  /** How long the batch waited in the worker for its images to be decoded. */
  readonly decodeUs: number;
}

/** How a worker was lost with its batch. */
export type WorkerLoss =
  /** It exited or was killed, or the model threw. */
  | { readonly kind: 'ended' }
  /** It did not answer within its time. */
  | { readonly kind: 'timed-out' }
  /** One image took too long to decode: that one is at fault, and the others of its request may be like it. */
  | { readonly kind: 'decode-timed-out'; readonly image: number; readonly suspects: readonly number[] };

/**
 * Everything that can happen to a scheduler, and so to its policy: plain data, which can be recorded. The events of a
 * run, replayed, give the same batches. `atUs` never runs backwards.
 */
export type SchedulerEvent =
  /** Images of one request. Their ids are new and ascend, and their `arrivedUs` is `atUs`. */
  | { readonly kind: 'arrival'; readonly images: readonly WaitingImage[]; readonly atUs: number }
  /**
   * The results of these images are no longer wanted. The host may name any image; a policy sees those that were queued, and
   * also images whose deadline has passed or whose request costs too much to decode.
   */
  | { readonly kind: 'cancelled'; readonly ids: readonly number[]; readonly atUs: number }
  /** A worker has started, or started again after it was lost, and is idle. */
  | { readonly kind: 'worker-ready'; readonly worker: number; readonly atUs: number }
  /** It is gone, and its batch with it. The scheduler itself runs that batch again (see `retry.ts`). */
  | {
      readonly kind: 'worker-lost';
      readonly worker: number;
      readonly loss: WorkerLoss;
      readonly atUs: number;
    }
  /** A batch of so many images has ended, and its worker is idle. */
  | ({
      readonly kind: 'batch-done';
      readonly worker: number;
      readonly size: number;
      readonly atUs: number;
    } & BatchTimes)
  /** Once, at the start: the model's time for a batch of n at index n - 1, as measured at warm-up. */
  | { readonly kind: 'costs'; readonly costsUs: readonly number[]; readonly atUs: number }
  /** What the policy's background task made of an input, some time after the policy gave that. */
  | { readonly kind: 'task-done'; readonly result: unknown; readonly atUs: number }
  /** The moment at which the scheduler wanted to be woken has come; an early or late one does no harm. */
  | { readonly kind: 'tick'; readonly atUs: number };

export type EventOf<Kind extends SchedulerEvent['kind']> = Extract<SchedulerEvent, { readonly kind: Kind }>;
