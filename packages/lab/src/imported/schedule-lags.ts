/**
 * How late each request of a constant arrival rate was sent, ms. Iteration k was due at t0 + k / rate; those that
 * were dropped took their place in that row, too. t0 is not in the files: it is the latest moment for which nothing
 * was sent before it was due, so the least late request has a lag of 0.
 *
 * @param startsMs moments of the requests, in any order
 * @param droppedMs moments at which iterations were dropped
 * @returns in the order of `startsMs`; null without a rate
 */
export function scheduleLags(
  startsMs: readonly number[],
  droppedMs: readonly number[],
  rateRps: number,
): number[] | null {
  if (!(rateRps > 0) || startsMs.length === 0) return null;
  const periodMs = 1000 / rateRps;
  const row = [...startsMs.map((ms, at) => ({ ms, at })), ...droppedMs.map((ms) => ({ ms, at: null }))].sort(
    (a, b) => a.ms - b.ms,
  );
  let originMs = Number.POSITIVE_INFINITY;
  for (const [k, { ms, at }] of row.entries()) {
    if (at !== null) originMs = Math.min(originMs, ms - k * periodMs);
  }
  const lags = new Array<number>(startsMs.length).fill(0);
  for (const [k, { ms, at }] of row.entries()) {
    if (at !== null) lags[at] = ms - originMs - k * periodMs;
  }
  return lags;
}
