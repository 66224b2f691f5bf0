import { US_PER_S } from '@servelab/core';
import type { Outcome, RequestRecord } from '../record/request-record.js';
import { measuredRecords, type PointSample } from './point-sample.js';

/** Requests that ended alike, with the first of them as an example. */
export interface ErrorKind {
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly count: number;
  readonly example: {
    readonly words: string;
    readonly repeat: number;
    readonly index: number;
    readonly atS: number;
  };
}

/** All that is not `ok`, the commonest first. */
export function errorsByKind(samples: readonly PointSample[]): ErrorKind[] {
  const kinds = new Map<string, ErrorKind>();
  for (const sample of samples) {
    for (const record of measuredRecords(sample)) {
      if (record.outcome === 'ok') continue;
      const key = `${record.outcome} ${record.status}`;
      const known = kinds.get(key);
      kinds.set(key, known === undefined ? first(sample, record) : { ...known, count: known.count + 1 });
    }
  }
  return [...kinds.values()].sort((x, y) => y.count - x.count);
}

function first({ run }: PointSample, { outcome, status, error, index, scheduled }: RequestRecord): ErrorKind {
  const atS = (scheduled - run.started_us) / US_PER_S;
  return { outcome, status, count: 1, example: { words: error ?? '', repeat: run.repeat, index, atS } };
}
