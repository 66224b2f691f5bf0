interface ClosedLoad {
  readonly users: number | null;
  /** Answers a second, failed ones included. */
  readonly perS: number | null;
  readonly thinkS: number | null;
  readonly warmupIncluded: boolean | null;
}

/**
 * Mean latency from the schedule of a closed loop without think time, ms. Each of N users always has one request
 * that is due: the next as soon as one is answered. So by Little's law the mean is N over the throughput, whatever
 * the tool does between an answer and the send.
 *
 * @returns null where users are started within the figures, or may have paused
 */
export function closedMean({ users, perS, thinkS, warmupIncluded }: ClosedLoad): number | null {
  if (users === null || perS === null || perS === 0 || thinkS !== 0 || warmupIncluded !== false) return null;
  return (1000 * users) / perS;
}
