/** What a plan was made from. */
export interface PlanBasis {
  readonly costsUs: readonly number[];
  readonly meanGapUs: number;
  /** Of a closed loop; 0 where arrivals are independent. */
  readonly clients: number;
  /** Arrivals seen by then. */
  readonly seen: number;
  readonly atUs: number;
}

/** A plan takes some 10 ms of a core that requests may be waiting for. */
const SHORTEST_INTERVAL_US = 1_000_000;
/** While a load moves from one level to another, every second brings another small change. */
const USUAL_INTERVAL_US = 4_000_000;
/** From this change of a rate or a cost on, the usual interval is not waited for. */
const LARGE_CHANGE = 0.4;
const RATE_CHANGE = 0.1;
/** Standard errors of the mean gap (1 / sqrt(n) for Poisson arrivals) by which it must differ: less is chance. */
const RATE_ERRORS = 3;
/** More gaps than these are never kept. */
const MOST_GAPS = 4096;
const COST_CHANGE = 0.05;
/** A plan is renewed this often although nothing seems to have changed: a mean does not show bursts. */
const LONGEST_INTERVAL_US = 20_000_000;
const NEW_ARRIVALS = 1000;

/** Whether costs or arrivals differ so much from the basis of the plan that a new one is worth its cost. */
export function shouldReplan(basis: PlanBasis | undefined, now: PlanBasis): boolean {
  if (basis === undefined) return true;
  // The number of closed-loop clients changed, so the old plan no longer applies.
  if (now.clients !== basis.clients) return true;
  if (now.atUs - basis.atUs < SHORTEST_INTERVAL_US) return false;
  // Early on, a new plan is worth its cost each time the number of arrivals has doubled.
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
