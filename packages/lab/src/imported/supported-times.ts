import { samplesForPercentile } from '@servelab/core';
import type { ImportedLoad, Times } from './imported-load.js';

/** A load without the percentiles that its samples do not support, which the tools give all the same. */
export function withSupportedTimes(load: ImportedLoad): ImportedLoad {
  const supported = (value: number | null, fraction: number) =>
    load.timed >= samplesForPercentile(fraction) ? value : null;
  const timesOf = (times: Times): Times => ({
    mean: times.mean,
    p50: supported(times.p50, 0.5),
    p90: supported(times.p90, 0.9),
    p95: supported(times.p95, 0.95),
    p99: supported(times.p99, 0.99),
    p99_9: supported(times.p99_9, 0.999),
    max: times.max,
  });
  return { ...load, fromSend: timesOf(load.fromSend), fromSchedule: timesOf(load.fromSchedule) };
}
