import type { Policy } from '../policy.js';
import { takeWaiting } from './take-waiting.js';

/**
 * Triton's default: whenever a worker is free it gets all that waits, up to the maximum. The batch grows by
 * itself as load rises and nobody ever waits for company; the control for the other policies.
 */
export function greedy(maxBatchSize: number): Policy {
  const describe = (size: number) =>
    size === maxBatchSize
      ? { reason: `a worker is free and a full batch of ${size} waits`, rule: 'full' }
      : { reason: `a worker is free and ${size} wait${size === 1 ? 's' : ''}`, rule: 'worker-free' };
  return {
    name: 'greedy',
    observe: () => {},
    decide: (view) => takeWaiting(view, maxBatchSize, describe),
  };
}
