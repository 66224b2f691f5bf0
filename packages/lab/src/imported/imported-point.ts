import { type Check, type LatencyStats, NO_STAT, type Point, type Stat } from '@servelab/core';
import { checkTitle } from '../text/checks.js';
import { failedCheckReason, type Reason, reasonFields } from '../text/reasons.js';
import type { ImportedLoad, Times } from './imported-load.js';

/**
 * A load of another tool as a point of a report. `latency_ms` is from the schedule and `service_ms` from the send, as
 * everywhere; what the tool does not know stays null. One measurement, so there are no intervals.
 */
export function importedPoint(told: ImportedLoad, checks: readonly Check[]): Point {
  if (told.point !== null) return told.point;
  const { load, counts, throughputRps, timed, lagMs } = told;
  const throughput = stat(throughputRps);
  return {
    load,
    verdict: { status: 'INVALID', ...reasonFields(reasons(told, checks)) },
    samples: timed,
    counts,
    checked: told.checked,
    throughput_rps: throughput,
    goodput_rps: throughput,
    cpu_s_per_1000: NO_STAT,
    rss_mb: null,
    batch_size: { mean: null, histogram: {} },
    latency_ms: latencyStats(told.fromSchedule),
    service_ms: latencyStats(told.fromSend),
    lag_ms: lagMs,
    repeats: [
      {
        repeat: 0,
        throughput_rps: throughputRps,
        goodput_rps: throughputRps,
        mean_ms: told.fromSchedule.mean,
        p50_ms: told.fromSchedule.p50,
        p95_ms: told.fromSchedule.p95,
        p99_ms: told.fromSchedule.p99,
        counts,
      },
    ],
  };
}

function reasons({ tool }: ImportedLoad, checks: readonly Check[]): Reason[] {
  const unmeasured = checks.filter(({ value }) => value === null).map(checkTitle);
  return [
    {
      id: 'no-request-records',
      text: `not judged, as the files of ${tool} have no record of single requests: ${unmeasured.join('; ')}`,
    },
    ...checks.filter(({ ok, value }) => !ok && value !== null).map(failedCheckReason),
  ];
}

const latencyStats = (times: Times): LatencyStats => ({
  mean: stat(times.mean),
  p50: stat(times.p50),
  p90: stat(times.p90),
  p95: stat(times.p95),
  p99: stat(times.p99),
  p99_9: stat(times.p99_9),
  max: stat(times.max),
});

const stat = (value: number | null): Stat =>
  value === null ? NO_STAT : { value, ci95: null, n: 1, censored: false };
