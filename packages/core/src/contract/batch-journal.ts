import { z } from 'zod';

const ms = z.number().nonnegative();
const count = z.int().nonnegative();

/** One batch as `/debug/batches` and a run's `server/*.json` have it. Times in ms. */
export const batchRecordSchema = z.object({
  id: count,
  worker: count,
  /** Images, not requests. */
  size: z.int().min(1),
  /** Why the policy fired, in words. */
  reason: z.string(),
  /** Short stable name of the rule that fired. */
  rule: z.string(),
  /** On the server's monotonic clock. */
  formed_at_ms: ms,
  /** How long the oldest image of the batch waited until the batch started. */
  wait_ms: ms,
  /** How long the batch waited in the worker for its images to be decoded; what was decoded ahead took none of it. */
  decode_ms: ms,
  infer_ms: ms,
  request_ids: z.array(z.string()),
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;

/** The body of `/debug/batches`: the last batches, the newest last. */
export const batchJournalSchema = z.object({ batches: z.array(batchRecordSchema) });
export type BatchJournal = z.infer<typeof batchJournalSchema>;
