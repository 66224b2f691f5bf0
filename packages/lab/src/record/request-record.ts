/**
 * How one request ended. `ok`: status 2xx and, where it was checked, the right answer; `wrong`: 2xx with a
 * wrong answer; `rejected`: 429 or 503 (the stack said no); `failed`: any other status, reset or protocol
 * error; `timed_out`: no complete answer within the time-out; `incomplete`: still in flight after the grace period.
 */
export type Outcome = 'ok' | 'wrong' | 'rejected' | 'failed' | 'timed_out' | 'incomplete';

/**
 * One line of `records/*.ndjson`. All moments in microseconds on the machine's monotonic clock; null where
 * the request did not get so far. Lag = fired - scheduled. Wait for a connection = acquired - fired: it
 * counts in latency, never as lag. Of that wait, the connection was being opened since `connecting`; before, the
 * request waited for one to be free. Latency = done - scheduled; service time = done - sent. `done` is the last
 * byte of the answer, or the moment at which the request failed; null for `timed_out` and `incomplete`.
 */
export interface RequestRecord {
  /** Position in the schedule, from 0. */
  index: number;
  /** `warmup` requests are kept for the timeline and left out of the statistics. */
  phase: 'warmup' | 'measured';
  scheduled: number;
  fired: number | null;
  /** Not before `fired`; absent when the connection that the request got was open already. */
  connecting?: number;
  acquired: number | null;
  sent: number | null;
  first_byte: number | null;
  done: number | null;
  status: number | null;
  outcome: Outcome;
  /** Whether the answer was held against what was expected. */
  checked: boolean;
  /** Bytes of the answer's body. */
  bytes: number;
  image: number;
  /**
   * Present where the server ended a connection that it had served on just as the request was written to it: the
   * request was sent once more, on a new connection, and `connecting` and the moments after it are of that. The time
   * lost counts in latency and in the wait for a connection.
   */
  repeated?: true;
  /** Why it is not `ok`; the same words for all that ended alike. */
  error?: string;
  /** In the first record with this `error`: what came instead. */
  example?: string;
}
