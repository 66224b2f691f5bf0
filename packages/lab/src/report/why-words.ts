import type { Point, StackResult } from '@servelab/core';
import { batchRuleText } from '../text/batch-rules.js';
import { digits, shareWords } from '../text/figure-words.js';

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
  const alone = `${digits(one.perImage)} ms an image ${one.size === 1 ? 'alone' : `in batches of ${one.size}`}`;
  if (best.size === one.size) return `Batching saves nothing here: ${alone}, and no less in larger batches.`;
  const together = `${digits(best.perImage)} ms in batches of ${best.size}`;
  return gain < WORTHWHILE_GAIN
    ? `Batching saves only ${shareWords(gain)} here (${alone}, ${together}): waiting for more images mostly adds latency.`
    : `Batching pays here: ${alone}, ${together}, so a worker gets ${digits(one.perImage / best.perImage)} times as much done.`;
}

/** `62 %: a worker is free; 38 %: a full batch waits`, the commonest first. */
export function reasonWords({ batch_rules }: Point): string | null {
  const entries = Object.entries(batch_rules ?? {}).sort(([, a], [, b]) => b - a);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  return entries.map(([rule, count]) => `${shareWords(count / total)}: ${batchRuleText(rule)}`).join('; ');
}

/** `812 batches of 3.4 images on average`. */
export function sizeWords({ batch_size: { mean, histogram } }: Point): string | null {
  const batches = Object.values(histogram).reduce((sum, count) => sum + count, 0);
  if (mean === null) return null;
  return mean === 1
    ? `${batches} batches of one image`
    : `${batches} batches of ${digits(mean)} images on average`;
}
