import { measuredWindow, type PointSample } from './point-sample.js';
import { onTime, type Slo } from './slo.js';

export interface Throughput {
  /** Right answers that arrived in the measured window, per second; warm-up requests that ended there included. */
  readonly throughputRps: number;
  /** Of these, the ones within the SLO's bound; all of them where no SLO is set. */
  readonly goodputRps: number;
}

export function throughput(sample: PointSample, slo: Slo | null): Throughput {
  const { startUs, endUs, durationS } = measuredWindow(sample.run);
  let answered = 0;
  let good = 0;
  for (const record of sample.records) {
    const { outcome, done } = record;
    if (outcome !== 'ok' || done === null || done < startUs || done >= endUs) continue;
    answered++;
    if (slo === null || onTime(record, slo)) good++;
  }
  return { throughputRps: answered / durationS, goodputRps: good / durationS };
}
