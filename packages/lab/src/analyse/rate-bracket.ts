/**
 * How one window at one rate ended: the SLO held, or not, or (`invalid`) the client or the machine failed a check, so
 * that the window says nothing of the server.
 */
export type TryOutcome = 'pass' | 'fail' | 'invalid';

export interface RateVote {
  readonly rateRps: number;
  readonly outcome: TryOutcome;
}

/** The answer: the last rate that passed and the first above it that failed; null where there is none. */
export interface RateBracket {
  readonly passRps: number | null;
  readonly failRps: number | null;
}

const ENOUGH_VOTES = 2;
const MOST_VOTES = 3;

/** What is known of the answer so far: the lowest rate that failed, and the highest below it that passed. */
export const bracketSoFar = (votes: readonly RateVote[]): RateBracket => bracketOf(tally(votes));

export interface RateTally {
  readonly rateRps: number;
  /** Null where the windows so far decide nothing. */
  readonly outcome: TryOutcome | null;
  readonly confirmed: boolean;
}

/** Rates in ascending order, each with what its windows say together. */
export function tally(votes: readonly RateVote[]): RateTally[] {
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

export function bracketOf(rates: readonly RateTally[]): RateBracket {
  const failRps = rates.find(({ outcome }) => outcome === 'fail')?.rateRps ?? null;
  const passRps = rates.findLast(
    ({ rateRps, outcome }) => outcome === 'pass' && rateRps < (failRps ?? Number.POSITIVE_INFINITY),
  );
  return { passRps: passRps?.rateRps ?? null, failRps };
}
