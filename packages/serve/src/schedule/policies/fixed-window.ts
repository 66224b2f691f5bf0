import { msToUs } from '@servelab/core';
import type { BatchProposal, BatchReason, Policy } from '../policy.js';
import type { WaitingImage } from '../scheduler-event.js';
import { startInOrder } from './start-in-order.js';

/**
 * Ray Serve's `@serve.batch`: a window opens when its first image arrives; the batch is closed when it is
 * full or when the window ends, even if no worker is free then, and runs when its turn comes. So under load,
 * when larger batches would pay, it closes small ones. Size counts images.
 */
export function fixedWindow(maxBatchSize: number, batchWaitTimeoutMs: number): Policy {
  const windowUs = msToUs(batchWaitTimeoutMs);
  return {
    name: 'fixed-window',
    observe: () => {},
    decide(view, nowUs) {
      const form: BatchProposal[] = [];
      let rest = view.waiting;
      for (let first = rest[0]; first !== undefined; first = rest[0]) {
        const endUs = first.arrivedUs + windowUs;
        const ids = joiningBy(endUs, rest, maxBatchSize);
        if (ids.length < maxBatchSize && nowUs < endUs) {
          return { form, start: startInOrder(view, form.length), shed: [], wakeAtUs: endUs };
        }
        form.push({ ids, ...reasonFor(ids.length) });
        rest = rest.slice(ids.length);
      }
      return { form, start: startInOrder(view, form.length), shed: [] };
    },
  };

  function reasonFor(size: number): BatchReason {
    return size === maxBatchSize
      ? { reason: `the window is full: ${size} images`, rule: 'window-full' }
      : { reason: `the window of ${batchWaitTimeoutMs} ms ended with ${size}`, rule: 'window-ended' };
  }
}

/** After a late tick the queue may hold images that came after the window's end: they are of the next one. */
function joiningBy(endUs: number, waiting: readonly WaitingImage[], maxBatchSize: number): number[] {
  const ids: number[] = [];
  for (const { id, arrivedUs } of waiting) {
    if (ids.length === maxBatchSize || arrivedUs > endUs) break;
    ids.push(id);
  }
  return ids;
}
