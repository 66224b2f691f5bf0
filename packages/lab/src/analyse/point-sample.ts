import type { RequestRecord } from '../record/request-record.js';
import type { PointRun, ServerSide } from '../record/run-folder.js';

/** One repeat of one point: what was asked, what happened to each request, and what the server said of it. */
export interface PointSample {
  readonly run: PointRun;
  readonly records: readonly RequestRecord[];
  /** Null where nothing was asked of the server (`servelab load` against a stranger's endpoint). */
  readonly server: ServerSide | null;
}

/** The moments between which a point is measured, on the records' clock. */
export interface MeasuredWindow {
  readonly startUs: number;
  readonly endUs: number;
  readonly durationS: number;
}

export function measuredWindow({ started_us, warmup_us, duration_us }: PointRun): MeasuredWindow {
  const startUs = started_us + warmup_us;
  return { startUs, endUs: startUs + duration_us, durationS: duration_us / 1e6 };
}

const measured = new WeakMap<PointSample, readonly RequestRecord[]>();

/** Requests that count: those scheduled after the warm-up. Filtered once for each sample, as most metrics need them. */
export function measuredRecords(sample: PointSample): readonly RequestRecord[] {
  let records = measured.get(sample);
  if (records === undefined) {
    records = sample.records.filter(({ phase }) => phase === 'measured');
    measured.set(sample, records);
  }
  return records;
}

/**
 * Moment until which a request was in flight: its end; its time-out where it has none; for a request that
 * nobody waited for any longer, for ever.
 */
export function endOfFlightUs(record: RequestRecord, timeoutUs: number): number {
  if (record.done !== null) return record.done;
  return record.outcome === 'incomplete' ? Number.POSITIVE_INFINITY : record.scheduled + timeoutUs;
}
