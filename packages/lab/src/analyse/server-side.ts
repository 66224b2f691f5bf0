import {
  type BatchRecord,
  MS_PER_S,
  mean,
  type Point,
  type Stat,
  statOverRepeats,
  US_PER_MS,
} from '@servelab/core';
import { measuredWindow, type PointSample } from './point-sample.js';
import { throughput } from './throughput.js';

/**
 * Batches formed in the measured window. A journal on another clock than the records' has none in it; then all
 * of it is taken rather than nothing.
 */
export function measuredBatches({ run, server }: PointSample): readonly BatchRecord[] {
  if (server === null) return [];
  const { startUs, endUs } = measuredWindow(run);
  const inside = server.batches.filter(({ formed_at_ms }) => {
    const formedUs = formed_at_ms * US_PER_MS;
    return formedUs >= startUs && formedUs < endUs;
  });
  return inside.length > 0 ? inside : server.batches;
}

/** Share of batches by size in images, as numbers of batches; the mean is over batches. */
export function batchSizes(batches: readonly BatchRecord[]): Point['batch_size'] {
  const histogram: Record<string, number> = {};
  for (const { size } of batches) histogram[size] = (histogram[size] ?? 0) + 1;
  return { mean: mean(batches.map(({ size }) => size)), histogram };
}

/** How often each rule of the policy formed a batch. */
export function batchesByRule(batches: readonly BatchRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of batches) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}

/** A size seen less often than this has no mean worth the name. */
const FEWEST_BATCHES = 3;

/** Mean inference time, ms, by batch size; sizes that hardly occurred are left out. */
export function batchCostMs(batches: readonly BatchRecord[]): Record<string, number> {
  const totals = new Map<number, { sum: number; count: number }>();
  for (const { size, infer_ms } of batches) {
    const total = totals.get(size) ?? { sum: 0, count: 0 };
    totals.set(size, { sum: total.sum + infer_ms, count: total.count + 1 });
  }
  const bySize = [...totals].filter(([, { count }]) => count >= FEWEST_BATCHES).sort(([a], [b]) => a - b);
  return Object.fromEntries(bySize.map(([size, { sum, count }]) => [String(size), sum / count]));
}

/** CPU seconds of the stack's processes for a thousand right answers, both in the measured window. */
export function cpuPerThousand(samples: readonly PointSample[]): Stat {
  return statOverRepeats(
    samples.map((sample) => {
      const answers = throughput(sample, null).throughputRps * measuredWindow(sample.run).durationS;
      const cpuS = sample.server?.cpu_s ?? null;
      return cpuS === null || answers === 0 ? null : (cpuS / answers) * MS_PER_S;
    }),
  );
}
