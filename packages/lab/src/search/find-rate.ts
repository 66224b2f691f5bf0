/**
 * How one window at one rate ended: the SLO held, or not, or (`invalid`) the client or the machine failed a check, so
 * that the window says nothing of the server.
 */
export type TryOutcome = 'pass' | 'fail' | 'invalid';

export interface RateVote {
  readonly rateRps: number;
  readonly outcome: TryOutcome;
}

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

/** The answer: the last rate that passed and the first above it that failed; null where there is none. */
export interface RateBracket {
  readonly passRps: number | null;
  readonly failRps: number | null;
}

export type SearchStep =
  | { readonly kind: 'try'; readonly rateRps: number }
  | { readonly kind: 'done'; readonly end: SearchEnd; readonly bracket: RateBracket };

const ENOUGH_VOTES = 2;
const MOST_VOTES = 3;
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

/** What is known of the answer so far: the lowest rate that failed, and the highest below it that passed. */
export const bracketSoFar = (votes: readonly RateVote[]): RateBracket => bracketOf(tally(votes));

interface RateTally {
  readonly rateRps: number;
  /** Null where the windows so far decide nothing. */
  readonly outcome: TryOutcome | null;
  readonly confirmed: boolean;
}

/** Rates in ascending order, each with what its windows say together. */
function tally(votes: readonly RateVote[]): RateTally[] {
  const rates = [...new Set(votes.map(({ rateRps }) => rateRps))].sort((a, b) => a - b);
  return rates.map((rateRps) => {
    const cast = votes.filter((vote) => vote.rateRps === rateRps);
    return { rateRps, ...verdictOf(cast.map(({ outcome }) => outcome)) };
  });
}

function verdictOf(cast: readonly TryOutcome[]): Omit<RateTally, 'rateRps'> {
  const leader = (['pass', 'fail', 'invalid'] as const).find(
    (outcome) => cast.filter((vote) => vote === outcome).length >= ENOUGH_VOTES,
  );
  if (leader !== undefined) return { outcome: leader, confirmed: true };
  // One of each kind: that the SLO holds has not been shown.
  if (cast.length >= MOST_VOTES) return { outcome: 'fail', confirmed: true };
  const [only] = cast;
  const decides = cast.length === 1 && only !== undefined && only !== 'invalid';
  return { outcome: decides ? only : null, confirmed: false };
}

function bracketOf(rates: readonly RateTally[]): RateBracket {
  const failRps = rates.find(({ outcome }) => outcome === 'fail')?.rateRps ?? null;
  const passRps = rates.findLast(
    ({ rateRps, outcome }) => outcome === 'pass' && rateRps < (failRps ?? Number.POSITIVE_INFINITY),
  );
  return { passRps: passRps?.rateRps ?? null, failRps };
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
