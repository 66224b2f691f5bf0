import { endOfFlightUs, type PointSample } from './point-sample.js';

/** Requests in flight at each moment (scheduled and not ended), warm-up included; `momentsUs` ascending. */
export function inFlightAt({ run, records }: PointSample, momentsUs: readonly number[]): number[] {
  const starts = Float64Array.from(records, ({ scheduled }) => scheduled).sort();
  const ends = Float64Array.from(records, (record) => endOfFlightUs(record, run.timeout_us)).sort();
  let started = 0;
  let ended = 0;
  return momentsUs.map((moment) => {
    while (started < starts.length && (starts[started] ?? 0) <= moment) started++;
    while (ended < ends.length && (ends[ended] ?? 0) <= moment) ended++;
    return started - ended;
  });
}

/** Mean number in flight between two moments: the time that requests spent there, over its length. */
export function meanInFlight({ run, records }: PointSample, startUs: number, endUs: number): number {
  let insideUs = 0;
  for (const record of records) {
    const from = Math.max(record.scheduled, startUs);
    const to = Math.min(endOfFlightUs(record, run.timeout_us), endUs);
    if (to > from) insideUs += to - from;
  }
  return insideUs / (endUs - startUs);
}
