import { type BatchRecord, mean, usToMs } from '@servelab/core';
import { measuredRecords, type PointSample } from './point-sample.js';
import { measuredBatches } from './server-side.js';

/** Where a request's time goes, mean ms of an answered request; the stages add up to its mean latency. */
export interface TimeBudget {
  readonly lag: number;
  readonly connection: number;
  /** The three of the server's batch journal; null where the stack does not tell. */
  readonly queue: number | null;
  readonly decode: number | null;
  readonly inference: number | null;
  /** Sending, parsing, replying, and what the server does not account for. */
  readonly other: number;
}

/** @returns null where no request was answered */
export function timeBudget(samples: readonly PointSample[]): TimeBudget | null {
  const lags: number[] = [];
  const connections: number[] = [];
  const services: number[] = [];
  for (const { outcome, scheduled, fired, sent, done } of samples.flatMap(measuredRecords)) {
    if (outcome !== 'ok' || fired === null || sent === null || done === null) continue;
    lags.push(usToMs(fired - scheduled));
    connections.push(usToMs(sent - fired));
    services.push(usToMs(done - sent));
  }
  const lag = mean(lags);
  const connection = mean(connections);
  const service = mean(services);
  if (lag === null || connection === null || service === null) return null;
  const batches = samples.flatMap(measuredBatches);
  const decode = perImage(batches, ({ decode_ms }) => decode_ms);
  const inference = perImage(batches, ({ infer_ms }) => infer_ms);
  if (decode === null || inference === null) {
    return { lag, connection, queue: null, decode, inference, other: service };
  }
  const told = decode + inference;
  // The journal has the wait of a batch's oldest image only, so a later one waited less: never more than is left.
  const oldestWait = perImage(batches, ({ wait_ms }) => wait_ms) ?? 0;
  const queue = Math.min(oldestWait, Math.max(0, service - told));
  return { lag, connection, queue, decode, inference, other: Math.max(0, service - told - queue) };
}

/** Every image of a batch waits for the whole of it, so a batch counts as often as it has images. */
function perImage(batches: readonly BatchRecord[], figure: (batch: BatchRecord) => number): number | null {
  const images = batches.reduce((sum, { size }) => sum + size, 0);
  return images === 0 ? null : batches.reduce((sum, batch) => sum + batch.size * figure(batch), 0) / images;
}
