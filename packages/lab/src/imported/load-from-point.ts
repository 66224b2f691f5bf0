import type { LatencyStats, Point } from '@servelab/core';
import type { ImportedLoad, Times } from './imported-load.js';

/** What `servelab load --json` has printed. */
export function loadFromPoint(point: Point): Omit<ImportedLoad, 'name' | 'files'> {
  const { counts, phases_ms, load } = point;
  const throughputRps = point.throughput_rps.value;
  return {
    tool: 'servelab',
    load,
    loadIsKnown: true,
    measuredS: counts.ok === null || throughputRps === null ? null : seconds(counts.ok, throughputRps),
    counts,
    checked: point.checked,
    throughputRps,
    fromSend: timesOf(point.service_ms),
    fromSchedule: timesOf(point.latency_ms),
    lagMs: point.lag_ms,
    timed: point.samples,
    failuresTimed: false,
    dropped: 0,
    warmupIncluded: false,
    thinkS: 0,
    connections: { charged: 'before', meanMs: phases_ms?.connect.mean.value ?? null, maxMs: null },
    client: null,
    point,
  };
}

const seconds = (answers: number, perS: number): number | null => (perS === 0 ? null : answers / perS);

const timesOf = ({ mean, p50, p90, p95, p99, p99_9, max }: LatencyStats): Times => ({
  mean: mean.value,
  p50: p50.value,
  p90: p90.value,
  p95: p95.value,
  p99: p99.value,
  p99_9: p99_9.value,
  max: max.value,
});
