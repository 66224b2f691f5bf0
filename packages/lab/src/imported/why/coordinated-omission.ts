import { digits } from '../../text/figure-words.js';
import type { ImportedLoad } from '../imported-load.js';
import { type Cause, loadName } from './finding.js';

/** A longest answer of this many means is a stall worth the name. */
const STALL = 5;

/** A tool that does not send while it waits does not measure what the requests would have met that it did not send. */
export const coordinatedOmission: Cause = (loads) => {
  const unsent = loads.map((one) => ({ one, requests: unsentRequests(one) }));
  const openBeside = loads.some(({ load }) => load.mode === 'open');
  const seen = unsent.filter(({ one, requests }) => one.dropped > 0 || (openBeside && requests !== null));
  return {
    cause: 'Coordinated omission: requests that were not sent while the server stalled',
    applies: seen.length > 0,
    evidence: unsent.map(({ one, requests }) => sentence(one, requests)),
  };
};

/** Those that would have come during the longest answer at the rate that was reached, beside the one a user; null for no stall. */
function unsentRequests({ load, fromSend, throughputRps }: ImportedLoad): number | null {
  const { max, mean } = fromSend;
  if (load.mode === 'open' || max === null || mean === null || throughputRps === null) return null;
  if (max < STALL * mean) return null;
  return Math.max(0, (throughputRps * max) / 1000 - (load.concurrency ?? 1));
}

function sentence(one: ImportedLoad, requests: number | null): string {
  const { load, dropped, counts, fromSend } = one;
  if (dropped > 0) {
    return `${loadName(one)}: ${dropped} of ${counts.scheduled} requests were due and never sent, since all users were waiting (dropped_iterations); they are in no percentile.`;
  }
  if (load.mode === 'open') return `${loadName(one)}: every request that was due was sent.`;
  if (requests === null) return `${loadName(one)}: closed loop, and no answer took ${STALL} times the mean.`;
  return `${loadName(one)}: closed loop; during its longest answer of ${digits(fromSend.max ?? 0)} ms an open loop of the same rate would have sent ${digits(requests)} more requests, all of them into the stall.`;
}
