import type { Policy } from '../policy.js';
import { takeWaiting } from './take-waiting.js';

/**
 * Triton's default: a free worker gets all waiting images, up to the maximum. Batches grow by themselves as load rises, and
 * no image ever waits for co-batching; the baseline for the other policies.
 */
export function greedy(maxBatchSize: number): Policy {
  const reasonFor = (size: number) =>
    size === maxBatchSize
      ? { reason: `a worker is free and a full batch of ${size} waits`, rule: 'full' }
      : { reason: `a worker is free and ${size} wait${size === 1 ? 's' : ''}`, rule: 'worker-free' };
  return {
    name: 'greedy',
    observe: () => {},
    decide: (view) => takeWaiting(view, maxBatchSize, reasonFor),
  };
}
