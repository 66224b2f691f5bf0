import { type Gate, type LatencyStats, NO_STAT, type Point, type Stat } from '@servelab/core';
import { gateWords } from '../text/figure-words.js';
import type { ImportedLoad, Times } from './imported-load.js';

/**
 * A load of another tool as a point of a report. `latency_ms` is from the schedule and `service_ms` from the send, as
 * everywhere; what the tool does not know stays null. One measurement, so there are no intervals.
 */
export function importedPoint(told: ImportedLoad, gates: readonly Gate[]): Point {
  if (told.point !== null) return told.point;
  const { load, counts, throughputRps, timed, lagMs } = told;
  const throughput = stat(throughputRps);
  return {
    load,
    verdict: { status: 'INVALID', reasons: reasons(told, gates) },
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

function reasons({ tool }: ImportedLoad, gates: readonly Gate[]): string[] {
  const notJudged = gates.filter(({ value }) => value === null).map(({ rule }) => rule);
  const broken = gates.filter(({ ok, value }) => !ok && value !== null);
  return [
    `not judged, as the files of ${tool} have no record of single requests: ${notJudged.join('; ')}`,
    ...broken.map(({ rule, value, limit }) => `${rule}: ${gateWords(value)}, limit ${gateWords(limit)}`),
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
