import { digits } from '../../text/figure-words.js';
import type { ImportedLoad } from '../imported-load.js';
import { type Cause, loadName } from './finding.js';

const SEEN = 0.03;

/** Opening a connection is in Locust's times, beside k6's, and before servelab's load. */
export const connectionSetup: Cause = (loads) => {
  const ways = new Set(loads.map(({ connections }) => connections.charged));
  if (ways.size < 2) return null;
  const shares = loads.map(shareOfLatency).filter((share) => share !== null);
  return {
    cause: 'Setting up connections is counted by one and not by the other',
    applies: shares.length === 0 ? null : shares.some((share) => share > SEEN),
    evidence: loads.map(sentence),
  };
};

function shareOfLatency({ connections, fromSend }: ImportedLoad): number | null {
  if (connections.meanMs === null || fromSend.mean === null || fromSend.mean === 0) return null;
  return connections.meanMs / fromSend.mean;
}

function sentence(one: ImportedLoad): string {
  const { charged, meanMs, maxMs } = one.connections;
  const longest = maxMs === null ? '' : `, at most ${digits(maxMs)} ms`;
  const said = meanMs === null ? '' : ` ${digits(meanMs)} ms a request on average${longest}.`;
  if (charged === 'in the latency') {
    return `${loadName(one)}: a request that has to open a connection is charged for it; how long that takes its files do not say.`;
  }
  if (charged === 'apart') return `${loadName(one)}: left out of its durations (http_req_blocked).${said}`;
  return `${loadName(one)}: connections were open before the load; opening others counts in the latency.${said}`;
}
