import { type Point, sortSamples, usToMs } from '@servelab/core';
import type { RequestRecord } from '../record/request-record.js';
import { latencyStats } from './latency-population.js';
import { measuredRecords, type PointSample } from './point-sample.js';

type PhaseStats = NonNullable<Point['phases_ms']>;
type Phase = keyof PhaseStats;

/**
 * Milliseconds that an answered request spent in each phase; together they are its latency. `lag`: the client
 * was late; `wait`: no connection was free; `connect`: the connection that it got was being opened;
 * `first_byte`: from the send to the first byte of the answer; `body`: from there to the last.
 *
 * @returns null for a request without a 2xx answer
 */
export function phasesMs(record: RequestRecord): Record<Phase, number> | null {
  const { outcome, scheduled, fired, connecting, acquired, sent, first_byte, done } = record;
  if (outcome !== 'ok' && outcome !== 'wrong') return null;
  if (fired === null || acquired === null || sent === null || first_byte === null || done === null)
    return null;
  const connectUs = connecting === undefined ? 0 : acquired - connecting;
  return {
    lag: usToMs(fired - scheduled),
    wait: usToMs(sent - fired - connectUs),
    connect: usToMs(connectUs),
    first_byte: usToMs(first_byte - sent),
    body: usToMs(done - first_byte),
  };
}

/** Of all answered requests of the measured part. */
export const phasesOf = (sample: PointSample): Record<Phase, number>[] =>
  measuredRecords(sample).flatMap((record) => phasesMs(record) ?? []);

/** Each figure per repeat, then over the repeats, as latencies have it. */
export function phaseStats(samples: readonly PointSample[]): PhaseStats {
  const repeats = samples.map(phasesOf);
  const stats = (phase: Phase) => {
    const populations = repeats.map((phases) => ({
      samples: sortSamples(phases.map((one) => one[phase])),
      lowestBoundMs: Number.POSITIVE_INFINITY,
    }));
    const { mean, p50, p99 } = latencyStats(populations);
    return { mean, p50, p99 };
  };
  return {
    lag: stats('lag'),
    wait: stats('wait'),
    connect: stats('connect'),
    first_byte: stats('first_byte'),
    body: stats('body'),
  };
}
