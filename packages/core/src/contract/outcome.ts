/**
 * How a request can end. `ok`: status 2xx and, where it was checked, the right answer; `wrong`: 2xx with a wrong
 * answer; `rejected`: 429 or 503; `failed`: any other status, reset or protocol error; `timed_out`: no complete answer
 * within the time-out; `incomplete`: still in flight after the grace period.
 */
export const OUTCOMES = ['ok', 'wrong', 'rejected', 'failed', 'timed_out', 'incomplete'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Requests by how they ended; the outcomes add up to `scheduled`. */
export const NO_COUNTS: Readonly<Record<'scheduled' | Outcome, number>> = {
  scheduled: 0,
  ok: 0,
  wrong: 0,
  rejected: 0,
  failed: 0,
  timed_out: 0,
  incomplete: 0,
};
