import { digits } from '../../text/figure-words.js';
import type { ImportedLoad } from '../imported-load.js';
import { type Cause, loadName } from './finding.js';

const NAMES = ['p50', 'p95', 'p99'] as const;

/** Locust keeps times in buckets of two digits (`bucket_response_time`), so its percentiles move in steps. */
export const roundedPercentiles: Cause = (loads) => {
  const rounded = loads.filter(({ tool }) => tool === 'locust');
  if (rounded.length === 0) return null;
  const others = loads.filter(({ tool }) => tool !== 'locust');
  const hidden = rounded.flatMap((one) => others.flatMap((other) => withinBucket(one, other)));
  return {
    cause: 'Locust rounds percentiles to two digits',
    applies: others.length === 0 ? null : hidden.length > 0,
    evidence: [
      ...rounded.map((one) => `${loadName(one)}: ${NAMES.map((name) => bucketWords(name, one)).join(', ')}.`),
      ...hidden,
    ],
  };
};

/** Half a bucket of Locust's, ms: 0.5 below 100 ms, 5 below a second, and so on. */
export function halfBucketMs(ms: number): number {
  if (ms < 100) return 0.5;
  if (ms < 1000) return 5;
  return ms < 10_000 ? 50 : 500;
}

function bucketWords(name: (typeof NAMES)[number], { fromSend }: ImportedLoad): string {
  const ms = fromSend[name];
  if (ms === null) return `${name} not there`;
  const half = halfBucketMs(ms);
  return `${name} ${digits(ms)} ms stands for ${digits(ms - half)} to ${digits(ms + half)} ms (+-${digits((100 * half) / Math.max(ms, half))} %)`;
}

/** Percentiles that differ by no more than the bucket: rounding alone explains them. */
function withinBucket(one: ImportedLoad, other: ImportedLoad): string[] {
  return NAMES.flatMap((name) => {
    const [a, b] = [one.fromSend[name], other.fromSend[name]];
    if (a === null || b === null || a === b || Math.abs(a - b) > halfBucketMs(a)) return [];
    return [`${name} of ${loadName(other)}, ${digits(b)} ms, is in that step: the two do not differ there.`];
  });
}
