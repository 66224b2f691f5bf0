import { type BatchRecord, mean } from '@servelab/core';
import { phasesOf } from './phases.js';
import type { PointSample } from './point-sample.js';
import { measuredBatches } from './server-side.js';

/** Where a request's time goes, mean ms of an answered request; the stages add up to its mean latency. */
export interface TimeBudget {
  readonly lag: number;
  readonly wait: number;
  readonly connect: number;
  /** The three of the server's batch journal; null where the stack does not tell. */
  readonly queue: number | null;
  readonly decode: number | null;
  readonly inference: number | null;
  /** The rest until the first byte of the answer: sending, parsing, what the server does not account for. */
  readonly other: number;
  readonly body: number;
}

/** @returns null where no request was answered */
export function timeBudget(samples: readonly PointSample[]): TimeBudget | null {
  const phases = samples.flatMap(phasesOf);
  if (phases.length === 0) return null;
  const meanOf = (phase: keyof (typeof phases)[number]) => mean(phases.map((one) => one[phase])) ?? 0;
  const firstByte = meanOf('first_byte');
  return {
    lag: meanOf('lag'),
    wait: meanOf('wait'),
    connect: meanOf('connect'),
    ...serverStages(samples.flatMap(measuredBatches), firstByte),
    body: meanOf('body'),
  };
}

/** @param firstByteMs what the server's stages are part of */
function serverStages(
  batches: readonly BatchRecord[],
  firstByteMs: number,
): Pick<TimeBudget, 'queue' | 'decode' | 'inference' | 'other'> {
  const decode = perImage(batches, ({ decode_ms }) => decode_ms);
  const inference = perImage(batches, ({ infer_ms }) => infer_ms);
  if (decode === null || inference === null) return { queue: null, decode, inference, other: firstByteMs };
  const told = decode + inference;
  // The journal has the wait of a batch's oldest image only, so a later one waited less: never more than is left.
  const oldestWait = perImage(batches, ({ wait_ms }) => wait_ms) ?? 0;
  const queue = Math.min(oldestWait, Math.max(0, firstByteMs - told));
  return { queue, decode, inference, other: Math.max(0, firstByteMs - told - queue) };
}

/** Every image of a batch waits for the whole of it, so a batch counts as often as it has images. */
function perImage(batches: readonly BatchRecord[], figure: (batch: BatchRecord) => number): number | null {
  const images = batches.reduce((sum, { size }) => sum + size, 0);
  return images === 0 ? null : batches.reduce((sum, batch) => sum + batch.size * figure(batch), 0) / images;
}
