import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.js';

it('gives back what an array would, whatever the order of pushes and shifts', () => {
  const steps = fc.array(fc.integer({ min: -40, max: 60 }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (list) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const step of list) {
        for (let i = 0; i < Math.abs(step) * 20; i++) {
          if (step < 0) {
            expect(fifo.shift()).toBe(model.shift());
          } else {
            fifo.push(next);
            model.push(next++);
          }
        }
        expect(fifo.size).toBe(model.length);
      }
    }),
    { numRuns: 30, seed: 3 },
  );
});
