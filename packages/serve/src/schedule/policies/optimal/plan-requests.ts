import type { ArrivalWindow } from './arrival-window.js';
import { fastest } from './candidate-plans.js';
import type { PlanRequest } from './choose-plan.js';
import type { LearnedCosts } from './learned-costs.js';
import { type PlanBasis, shouldReplan } from './replan-rule.js';
import type { ReturningClients } from './returning-clients.js';

/** How often it is checked whether the plan still fits: a check costs more than a decision. */
const CHECK_INTERVAL_US = 250_000;
/** Before, a rate is a guess. */
const FEWEST_ARRIVALS = 8;
/** Share of the capacity that is assumed until images arrive. */
const ASSUMED_LOAD = 0.6;

/** Of the usual size; its plan is not used. */
export const WARM_UP_REQUEST: PlanRequest = {
  costsUs: [5000, 9000, 13_000, 17_000, 22_000, 27_000, 32_000, 37_000],
  meanGapUs: 8000,
  gapsUs: Float64Array.from({ length: 4096 }, (_, n) => 1000 + ((n * 7919) % 14_000)),
  workers: 1,
  maxWaitUs: 50_000,
};

/** What the policy has learned so far. */
export interface Learned {
  readonly costs: LearnedCosts;
  readonly arrivals: ArrivalWindow;
  readonly returning: ReturningClients | undefined;
}

/** Decides when a new plan is needed, and from which figures. */
export class PlanRequests {
  readonly #limits: { readonly workers: number; readonly maxWaitUs: number };
  #basis: PlanBasis | undefined;
  #nextCheckUs = Number.NEGATIVE_INFINITY;
  #hasRequestedFirst = false;

  constructor(limits: { readonly workers: number; readonly maxWaitUs: number }) {
    this.#limits = limits;
  }

  /** Of the last request; undefined while there was only the one for the assumed load. */
  get basis(): PlanBasis | undefined {
    return this.#basis;
  }

  next(nowUs: number, { costs, arrivals, returning }: Learned): PlanRequest | undefined {
    if (nowUs < this.#nextCheckUs) return undefined;
    if (arrivals.seen < FEWEST_ARRIVALS) return this.#first(costs);
    const meanGapUs = arrivals.meanGapUs(nowUs);
    if (!(meanGapUs > 0 && meanGapUs < Number.POSITIVE_INFINITY)) return undefined;
    this.#nextCheckUs = nowUs + CHECK_INTERVAL_US;
    const loop = returning?.loop();
    const costsUs = costs.all();
    const now = { costsUs, meanGapUs, clients: loop?.clients ?? 0, seen: arrivals.seen, atUs: nowUs };
    if (!shouldReplan(this.#basis, now)) return undefined;
    this.#basis = now;
    const gapsUs = arrivals.gapsUs(nowUs);
    return { costsUs, meanGapUs, gapsUs, ...this.#limits, ...(loop === undefined ? {} : { loop }) };
  }

  /** The plan to start with, before the first image: the costs are known, the load is not. */
  #first(costs: LearnedCosts): PlanRequest | undefined {
    if (this.#hasRequestedFirst) return undefined;
    this.#hasRequestedFirst = true;
    const costsUs = costs.all();
    const meanGapUs = 1 / (ASSUMED_LOAD * this.#limits.workers * fastest(costsUs).perUs);
    return { costsUs, meanGapUs, gapsUs: new Float64Array(), ...this.#limits };
  }
}
