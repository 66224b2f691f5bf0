import { percentile, samplesForPercentile, sortSamples, US_PER_MS, usToMs } from '@servelab/core';
import { meanInFlight } from '../in-flight.js';
import { latencyPopulation } from '../latency-population.js';
import { NOISE_LIMIT, spinDrift } from '../noise.js';
import { measuredRecords, measuredWindow, type PointSample } from '../point-sample.js';
import { judge, type LocalCheck } from './check.js';

/** Timers alone give 2-3 ms of lag on a small machine. */
export const LAG_FLOOR_MS = 3;
const LAG_SHARE_OF_P50 = 0.1;
const ACHIEVED_SHARE = 0.98;
export const LITTLE_TOLERANCE = 0.05;
export const CLIENT_UTILIZATION_LIMIT = 0.8;
/** Requests that may be missing from the records, or counted in a window that they do not belong to. */
export const MISPLACED_LIMIT = 0;
/** int8 answers may differ from the reference in up to 8 % of the crops; more than a tenth is a broken stack. */
const WRONG_LIMIT = 0.1;

/** The checks of one point; those that do not apply to its load are left out. */
export function pointChecks(samples: readonly PointSample[]): LocalCheck[] {
  const open = samples.every(({ run }) => run.load.mode === 'open');
  return present([...clientChecks(samples), enoughSamples(samples, open), wrongAnswers(samples)]);
}

/** Those that fail by the client or the machine, whatever the server does. */
export function clientChecks(samples: readonly PointSample[]): LocalCheck[] {
  const open = samples.every(({ run }) => run.load.mode === 'open');
  return present([
    conservation(samples),
    open ? clientLag(samples) : null,
    open ? achievedRate(samples) : null,
    open ? null : littlesLaw(samples),
    clientUtilization(samples),
    steadySpeed(samples),
    steal(samples),
  ]);
}

const present = (checks: readonly (LocalCheck | null)[]): LocalCheck[] =>
  checks.filter((check) => check !== null);

/** Lag of the client, ms, ascending over all repeats. */
export function clientLagMs(samples: readonly PointSample[]) {
  const lags = samples.flatMap((sample) =>
    measuredRecords(sample).flatMap(({ fired, scheduled }) =>
      fired === null ? [] : [usToMs(fired - scheduled)],
    ),
  );
  return sortSamples(lags);
}

/** Every position of the schedule is there exactly once, and a request belongs to the window it is counted in. */
function conservation(samples: readonly PointSample[]): LocalCheck {
  let misplaced = 0;
  for (const sample of samples) {
    const seen = new Set(sample.records.map(({ index }) => index));
    const { startUs, endUs } = measuredWindow(sample.run);
    misplaced += sample.records.length - seen.size;
    for (let index = 0; index < sample.records.length; index++) if (!seen.has(index)) misplaced++;
    // Records are kept in whole microseconds: one due at the very border may stand a fraction before it.
    const [first, last] = [Math.floor(startUs), Math.ceil(endUs)];
    for (const { scheduled } of measuredRecords(sample)) {
      if (scheduled < first || scheduled > last) misplaced++;
    }
  }
  return judge('requests-accounted-for', misplaced, MISPLACED_LIMIT);
}

function enoughSamples(samples: readonly PointSample[], open: boolean): LocalCheck {
  const count = samples.reduce((sum, one) => sum + latencyPopulation(one, 'scheduled').samples.length, 0);
  return sampleCountCheck(count, open);
}

/** Whether there are enough requests for the percentile that decides at this kind of load. */
export const sampleCountCheck = (count: number, open: boolean): LocalCheck =>
  open
    ? judge('enough-requests-p95', count, samplesForPercentile(0.95))
    : judge('enough-requests-p50', count, samplesForPercentile(0.5));

function clientLag(samples: readonly PointSample[]): LocalCheck {
  const latencies = samples.flatMap((one) => Array.from(latencyPopulation(one, 'scheduled').samples));
  const p50 = percentile(sortSamples(latencies), 0.5) ?? 0;
  const lagP99 = percentile(clientLagMs(samples), 0.99);
  return judge('client-on-time', lagP99, Math.max(LAG_FLOOR_MS, LAG_SHARE_OF_P50 * p50));
}

/** Requests sent no later than the window and the allowed lag, over those scheduled in it. */
function achievedRate(samples: readonly PointSample[]): LocalCheck {
  let scheduled = 0;
  let sent = 0;
  for (const sample of samples) {
    const lastUs = measuredWindow(sample.run).endUs + LAG_FLOOR_MS * US_PER_MS;
    for (const { fired } of measuredRecords(sample)) {
      scheduled++;
      if (fired !== null && fired <= lastUs) sent++;
    }
  }
  return judge('client-rate', scheduled === 0 ? 0 : sent / scheduled, ACHIEVED_SHARE);
}

/**
 * N = X R. Over a finite window X R is the time that requests spent in it, over its length, which leaves no
 * error at the window's edges; it falls short of N when the client lets a slot idle or a record is missing.
 */
function littlesLaw(samples: readonly PointSample[]): LocalCheck {
  let asked = 0;
  let found = 0;
  for (const sample of samples) {
    const { startUs, endUs } = measuredWindow(sample.run);
    asked += sample.run.load.concurrency ?? 0;
    found += meanInFlight(sample, startUs, endUs);
  }
  return judge('littles-law', asked === 0 ? 0 : found / asked, LITTLE_TOLERANCE);
}

function wrongAnswers(samples: readonly PointSample[]): LocalCheck | null {
  const checked = samples.flatMap(measuredRecords).filter((record) => record.checked);
  if (checked.length === 0) return null;
  const share = checked.filter(({ outcome }) => outcome === 'wrong').length / checked.length;
  return judge('wrong-answers', share, WRONG_LIMIT);
}

function clientUtilization(samples: readonly PointSample[]): LocalCheck | null {
  const value = worst(samples.map(({ server }) => server?.client_utilisation ?? null));
  return value === null ? null : judge('client-utilization', value, CLIENT_UTILIZATION_LIMIT);
}

function steadySpeed(samples: readonly PointSample[]): LocalCheck | null {
  const value = worst(samples.map(({ server }) => (server === null ? null : spinDrift(server))));
  return value === null ? null : judge('machine-speed', value, NOISE_LIMIT);
}

function steal(samples: readonly PointSample[]): LocalCheck | null {
  const value = worst(samples.map(({ server }) => server?.steal ?? null));
  return value === null ? null : judge('stolen-time', value, NOISE_LIMIT);
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
