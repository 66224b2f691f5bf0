import { censoredPercentile, type Point, type ReasonId } from '@servelab/core';
import { reasonFields, sloMissed } from '../text/reasons.js';
import { examinePoint } from './analyse-point.js';
import { clientChecks, pointChecks } from './checks/point-checks.js';
import { latencyPopulation } from './latency-population.js';
import { measuredRecords, type PointSample } from './point-sample.js';
import type { TryOutcome } from './rate-bracket.js';
import { onTime, type Slo } from './slo.js';

/** One window of a search, as it is shown and kept. */
export interface RateTry {
  readonly rate_rps: number;
  readonly outcome: TryOutcome;
  /** Why it failed, or why it says nothing; [] for a pass. */
  readonly reasons: readonly string[];
  /** Of the reasons, in their order. */
  readonly reason_ids: readonly ReasonId[];
  /** Requests scheduled in the window. */
  readonly scheduled: number;
  /** Share of them that were answered right within the SLO's bound, 0-1. */
  readonly on_time_share: number;
  readonly throughput_rps: number;
  /** The SLO's percentile; null without an answer. */
  readonly latency_ms: number | null;
  /** True where time-outs make the latency a lower bound. */
  readonly censored: boolean;
  /** Why requests were not right; absent where all were. */
  readonly errors?: Point['errors'];
}

/**
 * Whether one window held the SLO: at least its share of all scheduled requests was answered right and in time, and
 * the server kept up. Errors count against it, so that a server that refuses what it cannot do does not pass.
 */
export function judgeTry(sample: PointSample, slo: Slo): RateTry {
  const { point } = examinePoint([sample], slo);
  const measured = measuredRecords(sample);
  const population = latencyPopulation(sample, 'scheduled');
  const latency = censoredPercentile(population.samples, population.lowestBoundMs, slo.fraction);
  const share =
    measured.length === 0 ? 0 : measured.filter((record) => onTime(record, slo)).length / measured.length;
  return {
    rate_rps: sample.run.load.rate_rps ?? 0,
    ...verdictOf(sample, point, share, slo),
    scheduled: measured.length,
    on_time_share: share,
    throughput_rps: point.throughput_rps.value ?? 0,
    latency_ms: latency?.value ?? null,
    censored: latency?.censored ?? false,
    ...(point.errors !== undefined && { errors: point.errors }),
  };
}

function verdictOf(
  sample: PointSample,
  { verdict }: Point,
  share: number,
  slo: Slo,
): Pick<RateTry, 'outcome' | 'reasons' | 'reason_ids'> {
  const because = { reasons: verdict.reasons, reason_ids: verdict.reason_ids ?? [] };
  const client = clientChecks([sample]).filter(({ ok }) => !ok);
  if (client.length > 0) return { outcome: 'invalid', ...because };
  // Before the other checks: a server that refuses most requests leaves too few for a percentile, and that is its doing.
  if (share < slo.fraction) return { outcome: 'fail', ...reasonFields([sloMissed(share, slo)]) };
  if (verdict.status === 'SATURATED') return { outcome: 'fail', ...because };
  // Not the checks of a steady state: what holds the SLO while it still becomes faster holds it later too.
  const failed = pointChecks([sample]).some(({ ok }) => !ok);
  return failed ? { outcome: 'invalid', ...because } : { outcome: 'pass', ...reasonFields([]) };
}
