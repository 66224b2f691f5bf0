import type { RateTry } from '../analyse/judge-try.js';
import { bracketSoFar, type RateBracket } from '../analyse/rate-bracket.js';
import type { Slo } from '../analyse/slo.js';
import { windowForSamplesUs } from '../pace/window-length.js';
import { nextStep, type RateSearch, type SearchEnd } from './find-rate.js';

/** Where no SLO is named. */
export const DEFAULT_SLO = 'p99<=250ms';
/** More than one driver can send. */
const HIGHEST_RPS = 100_000;
/** Of what a few waiting users get: they get less than an open loop can ask for, so this holds, and few doublings are left. */
export const START_SHARE = 0.5;
/** A slow rate is measured up to this many times as long as asked, for enough requests. */
const LONGEST_STRETCH = 10;
/** The checks ask for as many samples of an open rate, whatever the SLO's percentile. */
const LEAST_FRACTION = 0.95;

export interface RateSearchResult extends RateBracket {
  readonly end: SearchEnd | 'interrupted';
  readonly tries: readonly RateTry[];
}

/** How long to measure at a rate, so that the SLO's percentile is supported by the requests of one window. */
export function tryDurationUs(rateRps: number, { fraction }: Slo, durationUs: number): number {
  const neededUs = windowForSamplesUs(rateRps, Math.max(fraction, LEAST_FRACTION), 1);
  return Math.min(Math.max(durationUs, neededUs), LONGEST_STRETCH * durationUs);
}

/** Below this rate even the longest window brings too few requests. */
function lowestRateRps({ fraction }: Slo, durationUs: number): number {
  const longestUs = LONGEST_STRETCH * durationUs;
  const aRequestASecond = windowForSamplesUs(1, Math.max(fraction, LEAST_FRACTION), 1);
  return aRequestASecond / longestUs;
}

interface WindowsOfSearch {
  readonly durationUs: number;
  readonly relativeWidth: number;
  /** What the client was found to send without being the limit. */
  readonly highestRps?: number;
}

/** The search from a rate, which is moved into the rates that a window can be measured at. */
export function planRateSearch(
  firstRps: number,
  slo: Slo,
  { durationUs, relativeWidth, highestRps = HIGHEST_RPS }: WindowsOfSearch,
): RateSearch {
  const lowestRps = lowestRateRps(slo, durationUs);
  const startRps = Math.min(Math.max(firstRps, lowestRps), highestRps);
  return { startRps, lowestRps, highestRps, relativeWidth };
}

/**
 * Tries rates until the search is over.
 *
 * @param attempt measures one window; null when it was interrupted. Each gets a number of its own, from 0, to draw
 *   fresh arrivals with
 */
export async function searchRate(
  search: RateSearch,
  attempt: (rateRps: number, number: number) => Promise<RateTry | null>,
): Promise<RateSearchResult> {
  const tries: RateTry[] = [];
  for (;;) {
    const votes = tries.map(({ rate_rps, outcome }) => ({ rateRps: rate_rps, outcome }));
    const step = nextStep(search, votes);
    if (step.kind === 'done') return { ...step.bracket, end: step.end, tries };
    const tried = await attempt(step.rateRps, tries.length);
    if (tried === null) return { ...bracketSoFar(votes), end: 'interrupted', tries };
    tries.push(tried);
  }
}
