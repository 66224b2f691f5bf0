import { type Gate, percentile, samplesForPercentile, sortSamples, US_PER_MS, usToMs } from '@servelab/core';
import { meanInFlight } from '../in-flight.js';
import { latencyPopulation } from '../latency-population.js';
import { NOISE_LIMIT, spinDrift } from '../noise.js';
import { measuredRecords, measuredWindow, type PointSample } from '../point-sample.js';

type PointGate = Omit<Gate, 'where'>;

/** Timers alone give 2-3 ms of lag on a small machine. */
export const LAG_FLOOR_MS = 3;
const LAG_SHARE_OF_P50 = 0.1;
const ACHIEVED_SHARE = 0.98;
export const LITTLE_TOLERANCE = 0.05;
export const CLIENT_UTILISATION_LIMIT = 0.8;
/** int8 answers may differ from the reference in up to 8 % of the crops; more than a tenth is a broken stack. */
const WRONG_LIMIT = 0.1;

/** The rules that one point must keep, each with its value and limit; those that do not apply to its load are left out. */
export function pointGates(samples: readonly PointSample[]): PointGate[] {
  const open = samples.every(({ run }) => run.load.mode === 'open');
  const gates = [...clientGates(samples), enoughSamples(samples, open ? 0.95 : 0.5), wrongAnswers(samples)];
  return gates.filter((gate) => gate !== null);
}

/** Those that the client or the machine breaks, whatever the server does. */
export function clientGates(samples: readonly PointSample[]): PointGate[] {
  const open = samples.every(({ run }) => run.load.mode === 'open');
  const gates = [
    conservation(samples),
    open ? clientLag(samples) : null,
    open ? achievedRate(samples) : null,
    open ? null : littlesLaw(samples),
    clientUtilisation(samples),
    steadySpeed(samples),
    steal(samples),
  ];
  return gates.filter((gate) => gate !== null);
}

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
function conservation(samples: readonly PointSample[]): PointGate {
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
  return {
    rule: 'every scheduled request is accounted for',
    value: misplaced,
    limit: 0,
    ok: misplaced === 0,
    fix: 'The records are damaged: run the point again.',
  };
}

function enoughSamples(samples: readonly PointSample[], fraction: number): PointGate {
  const count = samples.reduce((sum, one) => sum + latencyPopulation(one, 'scheduled').samples.length, 0);
  return { ...sampleCount(count, fraction), fix: 'Measure longer, or with more repeats.' };
}

/** Whether there are enough requests for a percentile. */
export function sampleCount(count: number, fraction: number): Pick<Gate, 'rule' | 'value' | 'limit' | 'ok'> {
  const limit = samplesForPercentile(fraction);
  return { rule: `enough requests for p${fraction * 100}`, value: count, limit, ok: count >= limit };
}

function clientLag(samples: readonly PointSample[]): PointGate {
  const latencies = samples.flatMap((one) => Array.from(latencyPopulation(one, 'scheduled').samples));
  const p50 = percentile(sortSamples(latencies), 0.5) ?? 0;
  const lagP99 = percentile(clientLagMs(samples), 0.99);
  const limit = Math.max(LAG_FLOOR_MS, LAG_SHARE_OF_P50 * p50);
  return {
    rule: 'the client sends on time (lag p99, ms)',
    value: lagP99,
    limit,
    ok: lagP99 !== null && lagP99 <= limit,
    fix: 'Give the client a core of its own, or lower the rate.',
  };
}

/** Requests sent no later than the window and the allowed lag, over those scheduled in it. */
function achievedRate(samples: readonly PointSample[]): PointGate {
  let scheduled = 0;
  let sent = 0;
  for (const sample of samples) {
    const lastUs = measuredWindow(sample.run).endUs + LAG_FLOOR_MS * US_PER_MS;
    for (const { fired } of measuredRecords(sample)) {
      scheduled++;
      if (fired !== null && fired <= lastUs) sent++;
    }
  }
  const share = scheduled === 0 ? 0 : sent / scheduled;
  return {
    rule: 'the client reaches the scheduled rate (share)',
    value: share,
    limit: ACHIEVED_SHARE,
    ok: share >= ACHIEVED_SHARE,
    fix: 'Lower the rate, or give the client a faster core.',
  };
}

/**
 * N = X R. Over a finite window X R is the time that requests spent in it, over its length, which leaves no
 * error at the window's edges; it falls short of N when the client lets a slot idle or a record is missing.
 */
function littlesLaw(samples: readonly PointSample[]): PointGate {
  let asked = 0;
  let found = 0;
  for (const sample of samples) {
    const { startUs, endUs } = measuredWindow(sample.run);
    asked += sample.run.load.concurrency ?? 0;
    found += meanInFlight(sample, startUs, endUs);
  }
  const ratio = asked === 0 ? 0 : found / asked;
  return {
    rule: "Little's law: throughput x latency over concurrency",
    value: ratio,
    limit: `1 +- ${LITTLE_TOLERANCE}`,
    ok: Math.abs(ratio - 1) <= LITTLE_TOLERANCE,
    fix: 'The client did not keep its slots busy: give it a core of its own.',
  };
}

function wrongAnswers(samples: readonly PointSample[]): PointGate | null {
  const checked = samples.flatMap(measuredRecords).filter((record) => record.checked);
  if (checked.length === 0) return null;
  const share = checked.filter(({ outcome }) => outcome === 'wrong').length / checked.length;
  return {
    rule: 'answers are right while timed (share wrong)',
    value: share,
    limit: WRONG_LIMIT,
    ok: share <= WRONG_LIMIT,
    fix: "Compare the stack's preprocessing with the reference: `servelab model verify`.",
  };
}

function clientUtilisation(samples: readonly PointSample[]): PointGate | null {
  const value = worst(samples.map(({ server }) => server?.client_utilisation ?? null));
  if (value === null) return null;
  return {
    rule: 'the client has time to spare (utilisation)',
    value,
    limit: CLIENT_UTILISATION_LIMIT,
    ok: value < CLIENT_UTILISATION_LIMIT,
    fix: 'Lower the load, or give the client a faster core.',
  };
}

function steadySpeed(samples: readonly PointSample[]): PointGate | null {
  const value = worst(samples.map(({ server }) => (server === null ? null : spinDrift(server))));
  if (value === null) return null;
  return {
    rule: 'the machine keeps its speed (drift of a fixed loop)',
    value,
    limit: NOISE_LIMIT,
    ok: value <= NOISE_LIMIT,
    fix: 'Stop other work on this machine and run again.',
  };
}

function steal(samples: readonly PointSample[]): PointGate | null {
  const value = worst(samples.map(({ server }) => server?.steal ?? null));
  if (value === null) return null;
  return {
    rule: 'the hypervisor steals no time (share)',
    value,
    limit: NOISE_LIMIT,
    ok: value <= NOISE_LIMIT,
    fix: 'Use a machine whose cores are not shared, or run again at a quieter hour.',
  };
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
