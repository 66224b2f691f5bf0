import type { Point, StackResult } from '@servelab/core';
import { digits } from '../analyse/figure-words.js';

/** Below this gain an image, batching is no better than the noise of a run. */
const WORTHWHILE_GAIN = 0.1;

/** What batching has to offer on this runtime, from the measured costs; null where only one size was seen. */
export function costWords({ batch_cost_ms }: StackResult): string | null {
  const costs = Object.entries(batch_cost_ms ?? {})
    .map(([size, ms]) => ({ size: Number(size), perImage: ms / Number(size), ms }))
    .sort((a, b) => a.size - b.size);
  const [one] = costs;
  if (one === undefined || costs.length === 1) return null;
  const best = costs.reduce((least, cost) => (cost.perImage < least.perImage ? cost : least));
  const gain = 1 - best.perImage / one.perImage;
  const alone = `${digits(one.perImage)} ms an image in a batch of ${one.size}`;
  return best.size === one.size || gain < WORTHWHILE_GAIN
    ? `Batching saves nothing here: ${alone}, ${digits(best.perImage)} ms at best (batches of ${best.size}). Waiting for company only adds latency.`
    : `Batching pays here: ${alone}, ${digits(best.perImage)} ms in batches of ${best.size}, ${digits(one.perImage / best.perImage)} times the throughput of the worker.`;
}

/** `62 % because a worker is free; 38 % because the batch is full`, the commonest first. */
export function reasonWords({ reasons }: Point): string | null {
  const entries = Object.entries(reasons ?? {}).sort(([, a], [, b]) => b - a);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  return entries.map(([words, count]) => `${digits((100 * count) / total)} %: ${words}`).join('; ');
}

/** `mean 3.4 images a batch, in 812 batches`. */
export function sizeWords({ batch_size: { mean, histogram } }: Point): string | null {
  const batches = Object.values(histogram).reduce((sum, count) => sum + count, 0);
  return mean === null ? null : `${digits(mean)} images a batch on average, in ${batches} batches`;
}
