import {
  type Check,
  type Counts,
  type MeasuredPoint,
  mean,
  type Point,
  percentile,
  statOverRepeats,
} from '@servelab/core';
import type { DriverCalibration } from '../record/run-folder.js';
import { failedCheckReason, type Reason, reasonFields, saturationReason } from '../text/reasons.js';
import { driverChecks } from './checks/driver-checks.js';
import { clientLagMs, pointChecks } from './checks/point-checks.js';
import { saturationSigns } from './checks/saturation.js';
import { steadyStateChecks } from './checks/steady-state-checks.js';
import { type ErrorKind, errorsByKind } from './errors-by-kind.js';
import { latencyPopulation, latencyStats } from './latency-population.js';
import { driftOf, loadWindows } from './load-windows.js';
import { addCounts, countOutcomes } from './outcome-counts.js';
import { phaseStats } from './phases.js';
import { measuredRecords, type PointSample } from './point-sample.js';
import { batchesByRule, batchSizes, cpuPerThousand, measuredBatches } from './server-side.js';
import { parseSlo, type Slo } from './slo.js';
import { throughput } from './throughput.js';

export interface PointExamination {
  readonly point: MeasuredPoint;
  /** All that were made of the point. */
  readonly checks: readonly Check[];
}

/**
 * One point of a report from its raw records, one sample a repeat, all of the same stack and load. Figures are
 * computed per repeat and then over the repeats; nothing is read or asked beyond the arguments.
 *
 * @param options.slo for example `p99<=250ms`; null or absent: goodput is throughput
 * @throws RangeError for no samples; UserError for an SLO that is not understood
 */
export function analysePoint(
  samples: readonly PointSample[],
  options: { readonly slo?: string | null } = {},
): MeasuredPoint {
  const { slo = null } = options;
  return examinePoint(samples, slo === null ? null : parseSlo(slo)).point;
}

/** What the checks of a point take from the run around it. */
export interface RunAround {
  readonly pointsInRun: number;
  readonly driver: DriverCalibration | null;
}

const ALONE: RunAround = { pointsInRun: 1, driver: null };

/** The same, with the checks that the point passed or failed. */
export function examinePoint(
  samples: readonly PointSample[],
  slo: Slo | null,
  { pointsInRun, driver }: RunAround = ALONE,
): PointExamination {
  const [first] = samples;
  if (first === undefined) throw new RangeError('a point needs at least one sample');
  const { load, stack, workload } = first.run;
  const latencies = samples.map((sample) => latencyPopulation(sample, 'scheduled'));
  const repeats = samples.map((sample) => analyseRepeat(sample, slo));
  const counts = addCounts(repeats.map((repeat) => repeat.counts));
  const where = { scope: 'point', stack, workload, load } as const;
  const throughputRps = statOverRepeats(repeats.map(({ throughput_rps }) => throughput_rps));
  const latencyMs = latencyStats(latencies);
  const saturated = load.mode === 'open' ? saturationSigns(samples, counts) : [];
  const checks = [
    ...pointChecks(samples),
    ...(driver === null
      ? []
      : driverChecks({ throughputRps: throughputRps.value, p50Ms: latencyMs.p50.value }, driver)),
    ...(saturated.length === 0 ? steadyStateChecks(samples, pointsInRun) : []),
  ].map((check) => ({ ...check, where }));
  const batches = samples.flatMap(measuredBatches);
  const lag = load.mode === 'open' ? clientLagMs(samples) : null;
  const windows = loadWindows(samples);
  const point: MeasuredPoint = {
    load,
    verdict: pointVerdict(checks, saturated.map(saturationReason)),
    samples: latencies.reduce((sum, population) => sum + population.samples.length, 0),
    counts,
    ...explained(samples),
    checked: samples.flatMap(measuredRecords).filter(({ checked }) => checked).length,
    throughput_rps: throughputRps,
    goodput_rps: statOverRepeats(repeats.map(({ goodput_rps }) => goodput_rps)),
    cpu_s_per_1000: cpuPerThousand(samples),
    rss_mb: mean(samples.flatMap(({ server }) => server?.rss_mb ?? [])),
    batch_size: batchSizes(batches),
    ...(batches.length > 0 && { batch_rules: batchesByRule(batches) }),
    latency_ms: latencyMs,
    service_ms: latencyStats(samples.map((sample) => latencyPopulation(sample, 'sent'))),
    lag_ms: {
      p50: lag === null ? null : percentile(lag, 0.5),
      p99: lag === null ? null : percentile(lag, 0.99),
    },
    phases_ms: phaseStats(samples),
    repeats,
    ...(windows !== null && { windows }),
    ...(windows !== null && load.profile?.shape === 'soak' && { drift: driftOf(windows) }),
  };
  return { point, checks };
}

/** Unlike one that another tool tells of, it has every figure. */
type MeasuredRepeat = Point['repeats'][number] & {
  readonly throughput_rps: number;
  readonly goodput_rps: number;
  readonly counts: Counts;
};

/** Present only where there is something to say. */
function explained(samples: readonly PointSample[]): Pick<Point, 'errors' | 'repeated' | 'insecure'> {
  const errors = errorsByKind(samples).map(pointError);
  const repeated = samples.flatMap(measuredRecords).filter((record) => record.repeated === true).length;
  return {
    ...(errors.length > 0 && { errors }),
    ...(repeated > 0 && { repeated }),
    ...(samples.some(({ run }) => run.insecure === true) && { insecure: true }),
  };
}

function pointError({
  outcome,
  status,
  reason,
  count,
  example,
}: ErrorKind): NonNullable<Point['errors']>[number] {
  if (outcome === 'ok') throw new Error('what is ok is no error');
  const { repeat, index, atS, image, words } = example;
  return {
    outcome,
    status,
    reason,
    count,
    example: { repeat, index, at_s: atS, image, ...(words !== '' && { answer: words }) },
  };
}

function analyseRepeat(sample: PointSample, slo: Slo | null): MeasuredRepeat {
  const { throughputRps, goodputRps } = throughput(sample, slo);
  const { samples } = latencyPopulation(sample, 'scheduled');
  const counts: Counts = countOutcomes(measuredRecords(sample));
  return {
    repeat: sample.run.repeat,
    throughput_rps: throughputRps,
    goodput_rps: goodputRps,
    mean_ms: mean(Array.from(samples)),
    p50_ms: percentile(samples, 0.5),
    p95_ms: percentile(samples, 0.95),
    p99_ms: percentile(samples, 0.99),
    counts,
  };
}

/** A fault of the measurement outweighs a finding about the stack: its figures cannot be trusted either way. */
function pointVerdict(checks: readonly Check[], saturated: readonly Reason[]): Point['verdict'] {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length > 0) return { status: 'INVALID', ...reasonFields(failed.map(failedCheckReason)) };
  return { status: saturated.length > 0 ? 'SATURATED' : 'VALID', ...reasonFields(saturated) };
}
