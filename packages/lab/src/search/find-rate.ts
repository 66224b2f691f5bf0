import {
  bracketOf,
  type RateBracket,
  type RateTally,
  type RateVote,
  tally,
} from '../analyse/rate-bracket.js';

/** Where the search starts and when it ends; rates in requests per second. */
export interface RateSearch {
  readonly startRps: number;
  readonly lowestRps: number;
  readonly highestRps: number;
  /** The search ends when fail / pass - 1 is at most this, 0.05 for 5 %. */
  readonly relativeWidth: number;
}

/**
 * Why a search ended. `found`: the bracket is narrow and both its ends are confirmed. `client-limit`: two windows at
 * `rateRps` failed a check. `holds-highest`, `fails-lowest`: the answer lies outside the rates that were asked for.
 * `out-of-tries`: the server is too unsteady to tell.
 */
export type SearchEnd = 'found' | 'client-limit' | 'holds-highest' | 'fails-lowest' | 'out-of-tries';

export type SearchStep =
  | { readonly kind: 'try'; readonly rateRps: number }
  | { readonly kind: 'done'; readonly end: SearchEnd; readonly bracket: RateBracket };

/** Bounds a search whose outcomes are chance: a steady server needs a dozen. */
const MOST_TRIES = 60;
const SIGNIFICANT_DIGITS = 4;

/**
 * What to do after these outcomes: a pure function, so that a search can be replayed from its records.
 *
 * The rate is doubled until one fails (halved until one passes), then bisected at the geometric mean. On the way one
 * window decides; at the end each end of the bracket needs two windows of three. A window that was wrong by chance
 * always becomes an end (all that follows is on its other side), so it is found there, outvoted, and the bracket
 * opens again. Two `invalid` windows at one rate end the search: a third would find the same client.
 */
export function nextStep(search: RateSearch, votes: readonly RateVote[]): SearchStep {
  const rates = tally(votes);
  const bracket = bracketOf(rates);
  const done = (end: SearchEnd): SearchStep => ({ kind: 'done', end, bracket });
  const again = (rateRps: number): SearchStep => ({ kind: 'try', rateRps });
  const undecided = rates.find(({ outcome }) => outcome === null);
  if (votes.length >= MOST_TRIES) return done('out-of-tries');
  if (undecided !== undefined) return again(undecided.rateRps);
  if (rates.some(({ outcome }) => outcome === 'invalid')) {
    const unsure = unconfirmed(rates, bracket.passRps);
    return unsure === null ? done('client-limit') : again(unsure);
  }
  const inner = innerRate(search, bracket);
  if (inner !== null) return again(inner);
  const unsure = unconfirmed(rates, bracket.failRps) ?? unconfirmed(rates, bracket.passRps);
  if (unsure !== null) return again(unsure);
  if (bracket.failRps === null) return done('holds-highest');
  return done(bracket.passRps === null ? 'fails-lowest' : 'found');
}

/** The next new rate; null where the bracket is as narrow as asked, or its open end is at its limit. */
function innerRate(
  { startRps, lowestRps, highestRps, relativeWidth }: RateSearch,
  { passRps, failRps }: RateBracket,
): number | null {
  if (passRps === null && failRps === null) return rounded(startRps);
  if (failRps === null)
    return passRps === null || passRps >= highestRps ? null : Math.min(rounded(2 * passRps), highestRps);
  if (passRps === null) return failRps <= lowestRps ? null : Math.max(rounded(failRps / 2), lowestRps);
  if (failRps / passRps - 1 <= relativeWidth) return null;
  const middle = rounded(Math.sqrt(passRps * failRps));
  return middle > passRps && middle < failRps ? middle : null;
}

function unconfirmed(rates: readonly RateTally[], rateRps: number | null): number | null {
  const rate = rates.find((one) => one.rateRps === rateRps);
  return rate === undefined || rate.confirmed ? null : rate.rateRps;
}

const rounded = (rateRps: number): number => Number(rateRps.toPrecision(SIGNIFICANT_DIGITS));
