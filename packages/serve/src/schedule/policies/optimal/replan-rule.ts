/** What a plan was made from. */
export interface PlanBasis {
  readonly costsUs: readonly number[];
  readonly meanGapUs: number;
  /** Of a closed loop; 0 where arrivals come by themselves. */
  readonly clients: number;
  /** Arrivals seen by then. */
  readonly seen: number;
  readonly atUs: number;
}

/** A plan takes some 10 ms of a core that requests may be waiting for. */
const SHORTEST_INTERVAL_US = 1_000_000;
/** While a load moves from one level to another, every second brings another small change. */
const USUAL_INTERVAL_US = 4_000_000;
/** By so much a rate or a cost must have changed not to wait for the usual interval. */
const LARGE_CHANGE = 0.4;
const RATE_CHANGE = 0.1;
/** Standard errors of a mean of so many gaps (1 / sqrt(n), Poisson) by which it must differ: less is chance. */
const RATE_ERRORS = 3;
/** More gaps than these are never kept. */
const MOST_GAPS = 4096;
const COST_CHANGE = 0.05;
/** So often a plan is looked at again although nothing seems to have changed: bursts do not show in a mean. */
const LONGEST_INTERVAL_US = 20_000_000;
const NEW_ARRIVALS = 1000;

/** Whether the world has moved so far from what the plan was made for that it should be made anew. */
export function shouldReplan(basis: PlanBasis | undefined, now: PlanBasis): boolean {
  if (basis === undefined) return true;
  // Another world altogether.
  if (now.clients !== basis.clients) return true;
  if (now.atUs - basis.atUs < SHORTEST_INTERVAL_US) return false;
  // Early on, each doubling of what is known is worth a new plan.
  if (now.seen >= 2 * basis.seen && basis.seen < MOST_GAPS) return true;
  const chance = RATE_ERRORS / Math.sqrt(Math.min(basis.seen, MOST_GAPS));
  const hasChanged = (rateShare: number, costShare: number): boolean =>
    differs(now.meanGapUs, basis.meanGapUs, Math.max(rateShare, chance)) ||
    now.costsUs.some((costUs, n) => differs(costUs, basis.costsUs[n] ?? 0, costShare));
  if (hasChanged(LARGE_CHANGE, LARGE_CHANGE)) return true;
  if (now.atUs - basis.atUs < USUAL_INTERVAL_US) return false;
  if (hasChanged(RATE_CHANGE, COST_CHANGE)) return true;
  return now.atUs - basis.atUs > LONGEST_INTERVAL_US && now.seen - basis.seen >= NEW_ARRIVALS;
}

const differs = (one: number, other: number, share: number): boolean => Math.abs(one - other) > share * other;
