import { digits } from '../../text/figure-words.js';
import type { ImportedLoad } from '../imported-load.js';
import { type Cause, loadName } from './finding.js';

/** Above this share of the latency, the choice of its start is seen in the figures. */
const SEEN = 0.03;

/** servelab counts from the moment a request was due; Locust and k6 from the send. */
export const startOfLatency: Cause = (loads) => {
  const compared = loads.map((one) => ({ one, added: addedShare(one) }));
  const known = compared.filter(({ added }) => added !== null);
  return {
    cause: 'Latency runs from the schedule (servelab) or from the send (Locust, k6)',
    applies: known.length === 0 ? null : known.some(({ added }) => (added ?? 0) > SEEN),
    evidence: compared.map(({ one, added }) => sentence(one, added)),
  };
};

/** By how much the mean from the schedule is above that from the send. */
function addedShare({ fromSchedule, fromSend }: ImportedLoad): number | null {
  if (fromSchedule.mean === null || fromSend.mean === null || fromSend.mean === 0) return null;
  return fromSchedule.mean / fromSend.mean - 1;
}

function sentence(one: ImportedLoad, added: number | null): string {
  const { fromSchedule, fromSend, load, tool } = one;
  if (added === null) return `${loadName(one)}: its files have no moment at which a request was due.`;
  const means = `mean ${digits(fromSchedule.mean ?? 0)} ms from the schedule, ${digits(fromSend.mean ?? 0)} ms from the send (${digits(100 * Math.abs(added))} % ${added < 0 ? 'less' : 'more'})`;
  const how =
    tool === 'servelab'
      ? ''
      : load.mode === 'closed'
        ? '; the first follows from users over throughput'
        : '; the first is rebuilt from its samples and its rate';
  return `${loadName(one)}: ${means}${how}.`;
}
