import type { ImportedLoad } from './imported-load.js';

/**
 * How much of their time the users of a closed loop wait for an answer, by Little's law: throughput x mean time of a
 * request over users. What is missing to 1 is the tool's own work between requests, and pauses.
 *
 * @returns null for an open loop, and where the files do not have the figures
 */
export function busyShare({
  load,
  counts,
  measuredS,
  fromSend,
  connections,
}: Pick<ImportedLoad, 'load' | 'counts' | 'measuredS' | 'fromSend' | 'connections'>): number | null {
  const { mode, concurrency } = load;
  if (mode !== 'closed' || concurrency === undefined || measuredS === null || measuredS === 0) return null;
  if (fromSend.mean === null) return null;
  const connectMs = connections.charged === 'apart' ? (connections.meanMs ?? 0) : 0;
  return ((counts.scheduled / measuredS) * (fromSend.mean + connectMs)) / 1000 / concurrency;
}
