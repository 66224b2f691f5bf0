import {
  type Gate,
  type LatencyStats,
  NO_STAT,
  type Point,
  type Stat,
  samplesForPercentile,
} from '@servelab/core';
import { gateWords } from '../analyse/figure-words.js';
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
    latency_ms: latencyStats(told.fromSchedule, timed),
    service_ms: latencyStats(told.fromSend, timed),
    lag_ms: lagMs,
    repeats: [
      {
        repeat: 0,
        throughput_rps: throughputRps ?? 0,
        goodput_rps: throughputRps ?? 0,
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

function latencyStats(times: Times, samples: number): LatencyStats {
  const supported = (value: number | null, fraction: number) =>
    samples >= samplesForPercentile(fraction) ? stat(value) : NO_STAT;
  return {
    mean: stat(times.mean),
    p50: supported(times.p50, 0.5),
    p90: supported(times.p90, 0.9),
    p95: supported(times.p95, 0.95),
    p99: supported(times.p99, 0.99),
    p99_9: supported(times.p99_9, 0.999),
    max: stat(times.max),
  };
}

const stat = (value: number | null): Stat =>
  value === null ? NO_STAT : { value, ci95: null, n: 1, censored: false };
