import { msToUs } from '@servelab/core';
import type { Policy } from '../policy.js';
import { fixedWindow } from './fixed-window.js';
import { greedy } from './greedy.js';
import { none } from './none.js';
import { optimal } from './optimal/index.js';
import { sloAdaptive } from './slo-adaptive/index.js';

export interface PolicyOptions {
  /** Images. */
  readonly maxBatchSize: number;
  /** Of `fixed-window` only. */
  readonly batchWaitTimeoutMs: number;
  /** Of `slo-adaptive` only. */
  readonly maxLatencyMs: number;
  readonly maxWaitMs: number;
  readonly workers: number;
}

/** Every built-in policy. One that is listed here is offered by `--policy` and held to the contract suite. */
const POLICIES = {
  none: () => none(),
  greedy: ({ maxBatchSize }: PolicyOptions) => greedy(maxBatchSize),
  'fixed-window': ({ maxBatchSize, batchWaitTimeoutMs }: PolicyOptions) =>
    fixedWindow(maxBatchSize, batchWaitTimeoutMs),
  'slo-adaptive': ({ maxBatchSize, maxLatencyMs }: PolicyOptions) => sloAdaptive(maxBatchSize, maxLatencyMs),
  optimal: ({ maxBatchSize, maxWaitMs, workers }: PolicyOptions) =>
    optimal({ maxBatchSize, maxWaitUs: msToUs(maxWaitMs), workers }),
} as const satisfies Record<string, (options: PolicyOptions) => Policy>;

export type PolicyName = keyof typeof POLICIES;

export const POLICY_NAMES = Object.keys(POLICIES) as readonly PolicyName[];

export const isPolicyName = (name: string): name is PolicyName => Object.hasOwn(POLICIES, name);

/** A fresh policy: each has a state of its own. */
export function createPolicy(name: PolicyName, options: PolicyOptions): Policy {
  return POLICIES[name](options);
}
