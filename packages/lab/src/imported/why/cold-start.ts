import { type Cause, loadName } from './finding.js';

/** First requests meet a cold server and a load that is still being built up. */
export const coldStart: Cause = (loads) => {
  const ways = new Set(loads.map(({ warmupIncluded }) => warmupIncluded));
  return {
    cause: 'The start is counted by one and not by the other',
    applies: ways.has(true) && ways.has(false) ? true : ways.has(null) ? null : false,
    evidence: loads.map((one) => {
      if (one.warmupIncluded === null) return `${loadName(one)}: its files do not say.`;
      return `${loadName(one)}: ${one.warmupIncluded ? 'counted from the first request' : 'a warm-up was left out'}.`;
    }),
  };
};
