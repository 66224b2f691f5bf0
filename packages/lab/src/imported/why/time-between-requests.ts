import { shareWords } from '../../text/figure-words.js';
import { busyShare } from '../busy-share.js';
import type { ImportedLoad } from '../imported-load.js';
import { type Cause, loadName } from './finding.js';

/** The band of Little's law, as for our own points. */
const TOLERANCE = 0.05;

/** Users who pause, or whose tool is busy, send less than users who do not. */
export const timeBetweenRequests: Cause = (loads) => {
  const closed = loads.filter(({ load }) => load.mode === 'closed');
  if (closed.length === 0) return null;
  const shares = closed.map((one) => ({ one, share: busyShare(one) }));
  const known = shares.filter(({ share }) => share !== null);
  return {
    cause: 'Time between an answer and the next request: think time, or work of the client',
    applies: known.length === 0 ? null : known.some(({ share }) => Math.abs((share ?? 1) - 1) > TOLERANCE),
    evidence: shares.map(({ one, share }) => sentence(one, share)),
  };
};

function sentence(one: ImportedLoad, share: number | null): string {
  const { load, thinkS, measuredS, counts } = one;
  if (share === null) return `${loadName(one)}: its files do not have users, length and mean together.`;
  const asked =
    thinkS === null
      ? 'whether it was asked to pause, they do not say'
      : thinkS === 0
        ? 'it was not asked to pause'
        : `it was asked to pause for ${thinkS} s`;
  const requests = counts.scheduled;
  const idleMs =
    share >= 1 || requests === 0 || measuredS === null
      ? ''
      : `, that is ${(((1 - share) * (load.concurrency ?? 1) * measuredS * 1000) / requests).toFixed(2)} ms after each answer`;
  return `${loadName(one)}: its users waited for an answer in ${shareWords(share)} of their time${idleMs}; ${asked}.`;
}
