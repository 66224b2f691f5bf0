import { usageError, usToMs } from '@servelab/core';
import type { RequestRecord } from '../record/request-record.js';

/** A bound on latency that a share of the requests must keep, for example `p99<=250ms`. */
export interface Slo {
  readonly text: string;
  /** 0.99 for p99. */
  readonly fraction: number;
  readonly limitMs: number;
}

/** @throws UserError (exit code 2) for anything but `pNN<=NNNms` or `pNN<=NNs` */
export function parseSlo(text: string): Slo {
  const match = /^p(\d{1,2}(?:\.\d+)?)<=(\d+(?:\.\d+)?)(ms|s)$/.exec(text.replaceAll(' ', ''));
  if (match === null) throw usageError(`the SLO "${text}" is not understood`, 'Write it like p99<=250ms.');
  const [, percentile, amount, unit] = match;
  return {
    text,
    fraction: Number(percentile) / 100,
    limitMs: Number(amount) * (unit === 's' ? 1000 : 1),
  };
}

/** Whether a request was answered right within the bound. */
export function onTime({ outcome, done, scheduled }: RequestRecord, { limitMs }: Slo): boolean {
  return outcome === 'ok' && done !== null && usToMs(done - scheduled) <= limitMs;
}
