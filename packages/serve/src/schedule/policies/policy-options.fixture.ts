import type { PolicyOptions } from './index.js';

/** Small enough for schedules worked out by hand. */
export const POLICY_OPTIONS: PolicyOptions = {
  maxBatchSize: 4,
  batchWaitTimeoutMs: 5,
  maxLatencyMs: 60_000,
  maxWaitMs: 50,
  workers: 1,
};
