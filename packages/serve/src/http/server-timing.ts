import { US_PER_MS } from '@servelab/core';
import type { ImageTiming } from '../workers/inference-engine.js';

/**
 * Value of the `server-timing` header: where the time of a request went, in ms. Of several images the one
 * that took longest is told, since it decided when the answer could go.
 */
export function serverTiming(totalUs: number, timings: readonly ImageTiming[]): string {
  const total = `total;dur=${ms(totalUs)}`;
  const slowest = slowestOf(timings);
  if (slowest === undefined) return total;
  const { decodeUs, queueUs, inferUs, batchSize, reason } = slowest;
  return [
    `decode;dur=${ms(decodeUs)}`,
    `queue;dur=${ms(queueUs)}`,
    `batch;desc="size ${batchSize}, ${quotable(reason)}"`,
    `infer;dur=${ms(inferUs)}`,
    total,
  ].join(', ');
}

function slowestOf(timings: readonly ImageTiming[]): ImageTiming | undefined {
  let slowest = timings[0];
  for (const timing of timings) {
    if (slowest === undefined || spentUs(timing) > spentUs(slowest)) slowest = timing;
  }
  return slowest;
}

const spentUs = ({ decodeUs, queueUs, inferUs }: ImageTiming): number => decodeUs + queueUs + inferUs;

const ms = (us: number): string => (us / US_PER_MS).toFixed(2);

/** A policy of the user's own may say anything; a header may not. */
const quotable = (text: string): string => text.replace(/[^\x20-\x7e]|["\\]/g, ' ');
