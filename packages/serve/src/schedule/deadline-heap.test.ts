import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeadlineHeap } from './deadline-heap.js';

describe('DeadlineHeap', () => {
  it('always has the earliest living deadline on top, whatever comes and goes', () => {
    const step = fc.oneof(
      fc.record({ deadlineUs: fc.integer({ min: 0, max: 1000 }) }),
      fc.record({ dies: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const living = new Map<number, number>();
        const heap = new DeadlineHeap(
          (id) => living.has(id),
          () => living.size,
        );
        for (const [id, one] of steps.entries()) {
          if ('dies' in one) living.delete([...living.keys()][one.dies % (living.size || 1)] ?? -1);
          else {
            living.set(id, one.deadlineUs);
            heap.push({ id, arrivedUs: 0, deadlineUs: one.deadlineUs });
          }
          const earliest = living.size === 0 ? undefined : Math.min(...living.values());
          expect(heap.peek()?.deadlineUs).toBe(earliest);
        }
      }),
    );
  });
});
