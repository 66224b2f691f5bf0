import { mean, US_PER_MS, US_PER_S } from '@servelab/core';
import { meanInFlight } from './in-flight.js';
import { measuredWindow, type PointSample } from './point-sample.js';

/** What happened in one slice of time; rates are per second. */
export interface TimelineBin {
  readonly atS: number;
  readonly arrivalsRps: number;
  readonly completionsRps: number;
  readonly errorsRps: number;
  readonly inFlight: number;
  readonly batchSize: number | null;
}

/** One repeat of one point from the start of its warm-up, in slices of equal length. */
export interface Timeline {
  readonly repeat: number;
  readonly warmupS: number;
  readonly endS: number;
  readonly bins: readonly TimelineBin[];
}

const BINS = 60;

export function timeline(sample: PointSample): Timeline {
  const { run, records, server } = sample;
  const { endUs } = measuredWindow(run);
  const widthUs = (endUs - run.started_us) / BINS;
  const binOf = (momentUs: number) => Math.floor((momentUs - run.started_us) / widthUs);
  const arrivals = new Array<number>(BINS).fill(0);
  const completions = new Array<number>(BINS).fill(0);
  const errors = new Array<number>(BINS).fill(0);
  const sizes = Array.from({ length: BINS }, (): number[] => []);
  const count = (counts: number[], bin: number) => {
    if (bin >= 0 && bin < BINS) counts[bin] = (counts[bin] ?? 0) + 1;
  };
  for (const { scheduled, done, outcome } of records) {
    count(arrivals, binOf(scheduled));
    if (done !== null) count(outcome === 'ok' ? completions : errors, binOf(done));
  }
  for (const { formed_at_ms, size } of server?.batches ?? [])
    sizes[binOf(formed_at_ms * US_PER_MS)]?.push(size);
  const perSecond = US_PER_S / widthUs;
  const bins = arrivals.map((arrived, i): TimelineBin => {
    const startUs = run.started_us + i * widthUs;
    return {
      atS: ((i + 0.5) * widthUs) / US_PER_S,
      arrivalsRps: arrived * perSecond,
      completionsRps: (completions[i] ?? 0) * perSecond,
      errorsRps: (errors[i] ?? 0) * perSecond,
      inFlight: meanInFlight(sample, startUs, startUs + widthUs),
      batchSize: mean(sizes[i] ?? []),
    };
  });
  return {
    repeat: run.repeat,
    warmupS: run.warmup_us / US_PER_S,
    endS: (endUs - run.started_us) / US_PER_S,
    bins,
  };
}
