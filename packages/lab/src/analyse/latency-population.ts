import {
  censoredPercentile,
  type LatencyStats,
  mean,
  type SortedSamples,
  samplesForPercentile,
  sortSamples,
  statOverRepeats,
  usToMs,
} from '@servelab/core';
import type { RequestRecord } from '../record/request-record.js';
import { measuredRecords, type PointSample } from './point-sample.js';

/** Latencies of one repeat, ms, ascending. */
export interface LatencyPopulation {
  readonly samples: SortedSamples;
  /** The smallest latency that is only a lower bound; Infinity where all are known. */
  readonly lowestBoundMs: number;
}

/** `scheduled`: latency as the user has it. `sent`: service time, the same without what happened before. */
export type LatencyFrom = 'scheduled' | 'sent';

const populations: Readonly<Record<LatencyFrom, WeakMap<PointSample, LatencyPopulation>>> = {
  scheduled: new WeakMap(),
  sent: new WeakMap(),
};

/**
 * The requests that waited for an answer: answered ones at their latency, timed-out ones at the time-out and
 * unfinished ones at what they had waited when the driver gave up, both as lower bounds. Refused and failed
 * requests have no latency: an error that comes fast would flatter the stack, so they are counted, not timed.
 * Sorted once for each sample, as metrics, checks and charts need them.
 */
export function latencyPopulation(sample: PointSample, from: LatencyFrom): LatencyPopulation {
  let population = populations[from].get(sample);
  if (population === undefined) {
    population = sortedLatencies(sample, from);
    populations[from].set(sample, population);
  }
  return population;
}

function sortedLatencies(sample: PointSample, from: LatencyFrom): LatencyPopulation {
  const latencies: number[] = [];
  let lowestBoundMs = Number.POSITIVE_INFINITY;
  const endUs = lastMomentUs(sample.records);
  for (const record of measuredRecords(sample)) {
    const startUs = record[from];
    if (startUs === null || record.outcome === 'rejected' || record.outcome === 'failed') continue;
    const known = record.outcome === 'ok' || record.outcome === 'wrong';
    const latencyMs = usToMs((record.done ?? boundUs(record, sample.run.timeout_us, endUs)) - startUs);
    latencies.push(latencyMs);
    if (!known) lowestBoundMs = Math.min(lowestBoundMs, latencyMs);
  }
  return { samples: sortSamples(latencies), lowestBoundMs };
}

/**
 * Each figure per repeat, then over the repeats. A percentile that all repeats together have too few samples
 * for is null.
 */
export function latencyStats(populations: readonly LatencyPopulation[]): LatencyStats {
  const total = populations.reduce((sum, { samples }) => sum + samples.length, 0);
  const quantile = (fraction: number, needed = samplesForPercentile(fraction)) => {
    if (total < needed) return statOverRepeats([]);
    const values = populations.map((one) => censoredPercentile(one.samples, one.lowestBoundMs, fraction));
    return statOverRepeats(
      values.map((one) => one?.value ?? null),
      values.some((one) => one?.censored === true),
    );
  };
  return {
    mean: statOverRepeats(
      populations.map(({ samples }) => mean(Array.from(samples))),
      populations.some(({ lowestBoundMs }) => Number.isFinite(lowestBoundMs)),
    ),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    p99_9: quantile(0.999),
    max: quantile(1, 1),
  };
}

function boundUs(record: RequestRecord, timeoutUs: number, lastUs: number): number {
  return record.outcome === 'timed_out' ? record.scheduled + timeoutUs : Math.max(lastUs, record.scheduled);
}

/** The last thing that the driver saw happen: an unfinished request had waited at least until then. */
function lastMomentUs(records: readonly RequestRecord[]): number {
  return records.reduce((last, { scheduled, done }) => Math.max(last, done ?? scheduled), 0);
}
