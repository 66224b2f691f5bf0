/** One batch as `/debug/batches` and a run's `server/*.json` tell it. Times in ms; `formed_at_ms` on the server's monotonic clock. */
export interface BatchRecord {
  id: number;
  worker: number;
  /** Images, not requests. */
  size: number;
  /** Why the policy fired, in words. */
  reason: string;
  /** Short stable name of the rule that fired. */
  rule: string;
  formed_at_ms: number;
  /** How long the oldest image of the batch waited until the batch started. */
  wait_ms: number;
  /** How long the batch waited in the worker for its images to be decoded; what was decoded ahead took none of it. */
  decode_ms: number;
  infer_ms: number;
  request_ids: string[];
}

export interface BatchJournal {
  batches: BatchRecord[];
}
