import { US_PER_S } from '@servelab/core';
import type { Outcome, RequestRecord } from '../record/request-record.js';
import { measuredRecords, type PointSample } from './point-sample.js';

/** Requests that ended alike, with the first of them as an example. */
export interface ErrorKind {
  readonly outcome: Outcome;
  readonly status: number | null;
  /** '' where the outcome says it all. */
  readonly reason: string;
  readonly count: number;
  readonly example: {
    readonly repeat: number;
    readonly index: number;
    readonly atS: number;
    /** Position in the images of the load. */
    readonly image: number;
    /** What came instead; '' where the reason says it. */
    readonly words: string;
  };
}

/** So many of one outcome; the rest of them share a kind. */
const MOST_KINDS = 5;
const OTHER_REASONS = 'other reasons';

/** All that is not `ok`, the commonest first. */
export function errorsByKind(samples: readonly PointSample[]): ErrorKind[] {
  const kinds = new Map<string, ErrorKind>();
  for (const sample of samples) {
    for (const record of measuredRecords(sample)) {
      if (record.outcome === 'ok') continue;
      const key = `${record.outcome} ${record.status} ${record.error ?? ''}`;
      const known = kinds.get(key);
      kinds.set(key, known === undefined ? first(sample, record) : { ...known, count: known.count + 1 });
    }
  }
  const sorted = [...kinds.values()].sort((x, y) => y.count - x.count);
  const outcomes = new Set(sorted.map(({ outcome }) => outcome));
  return [...outcomes]
    .flatMap((outcome) => commonest(sorted.filter((kind) => kind.outcome === outcome)))
    .sort((x, y) => y.count - x.count);
}

function commonest(kinds: readonly ErrorKind[]): ErrorKind[] {
  const rest = kinds.slice(MOST_KINDS - 1);
  const [next] = rest;
  if (next === undefined || rest.length === 1) return [...kinds];
  const count = rest.reduce((sum, kind) => sum + kind.count, 0);
  const words = next.reason === '' ? next.example.words : next.reason;
  return [
    ...kinds.slice(0, MOST_KINDS - 1),
    { ...next, status: null, reason: OTHER_REASONS, count, example: { ...next.example, words } },
  ];
}

function first({ run }: PointSample, record: RequestRecord): ErrorKind {
  const { outcome, status, error, example, index, scheduled, image } = record;
  return {
    outcome,
    status,
    reason: error ?? '',
    count: 1,
    example: {
      repeat: run.repeat,
      index,
      atS: (scheduled - run.started_us) / US_PER_S,
      image,
      words: example ?? '',
    },
  };
}
