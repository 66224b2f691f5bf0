import { OUTCOMES } from '@servelab/core';
import { z } from 'zod';

export type { Outcome } from '@servelab/core';

const moment = z.number().nullable();

/**
 * One line of `records/*.ndjson`. All moments in microseconds on the machine's monotonic clock; null where
 * the request did not get so far. Lag = fired - scheduled. Wait for a connection = acquired - fired: it
 * counts in latency, never as lag. Of that wait, the connection was being opened since `connecting`; before, the
 * request waited for one to be free. Latency = done - scheduled; service time = done - sent. `done` is the last
 * byte of the answer, or the moment at which the request failed; null for `timed_out` and `incomplete`.
 */
export const requestRecordSchema = z.object({
  /** Position in the schedule, from 0. */
  index: z.number().int().nonnegative(),
  /** `warmup` requests are kept for the timeline and left out of the statistics. */
  phase: z.enum(['warmup', 'measured']),
  scheduled: z.number(),
  fired: moment,
  /** Not before `fired`; absent when the connection that the request got was open already. */
  connecting: z.number().exactOptional(),
  acquired: moment,
  sent: moment,
  first_byte: moment,
  done: moment,
  status: z.number().int().nullable(),
  outcome: z.enum(OUTCOMES),
  /** Whether the answer was held against what was expected. */
  checked: z.boolean(),
  /** Bytes of the answer's body. */
  bytes: z.number(),
  image: z.number().int(),
  /**
   * Present where the server ended a connection that it had served on just as the request was written to it: the
   * request was sent once more, on a new connection, and `connecting` and the moments after it are of that. The time
   * lost counts in latency and in the wait for a connection.
   */
  repeated: z.literal(true).exactOptional(),
  /** Why it is not `ok`; the same words for all that ended alike. */
  error: z.string().exactOptional(),
  /** In the first record with this `error`: what came instead. */
  example: z.string().exactOptional(),
});
export type RequestRecord = z.infer<typeof requestRecordSchema>;
