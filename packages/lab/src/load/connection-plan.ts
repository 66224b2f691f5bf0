import type { LoadPlan } from './load-plan.js';

/** Connections that stand ready at an open rate: enough for a server that stalls this long. */
const STALL_COVERED_S = 2;
const FEWEST_AHEAD = 16;
const MOST_AHEAD = 4096;
const MOST_OPEN = 16_384;

/**
 * Closed: one a user. Open: as many as arrive while a server stalls for two seconds, opened before the
 * start (handshakes with a stalled server would add the kernel's back-off to the figures), and more when
 * they are needed: a limit here would turn an open load into a closed one.
 */
export function connectionPlan({ load, connections }: LoadPlan): { ahead: number; max: number } {
  if (connections !== undefined) return connections;
  if (load.mode === 'closed') return { ahead: load.concurrency, max: load.concurrency };
  const { rate_rps, profile } = load;
  const highestRps =
    profile !== undefined && 'to_rps' in profile ? Math.max(rate_rps, profile.to_rps) : rate_rps;
  const ahead = Math.ceil(highestRps * STALL_COVERED_S);
  return { ahead: Math.min(Math.max(ahead, FEWEST_AHEAD), MOST_AHEAD), max: MOST_OPEN };
}
