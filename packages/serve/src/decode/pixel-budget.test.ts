import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { PixelBudget } from './pixel-budget.js';

/** As the build left it, for a thread that knows no TypeScript; quoted. */
const MODULE = JSON.stringify(
  new URL('../decode/pixel-budget.js', import.meta.resolve('@servelab/serve/worker')),
);
const ROUNDS = 2000;

/** Takes all amounts in turn, and keeps the sum of what all threads hold; answers the largest that it saw. */
const THREAD = `
  const { workerData, parentPort } = require('node:worker_threads');
  import(${MODULE}).then(({ PixelBudget }) => {
    const budget = new PixelBudget(workerData.shared);
    const held = new Int32Array(workerData.held);
    let most = 0;
    for (let n = 0; n < ${ROUNDS}; n++) {
      const pixels = 1 + ((n * 7 + workerData.seed) % workerData.total);
      const release = budget.reserve(pixels);
      most = Math.max(most, Atomics.add(held, 0, pixels) + pixels);
      Atomics.sub(held, 0, pixels);
      release();
    }
    parentPort.postMessage(most);
  });
`;

it('threads never hold more than there is, and each gets what it waits for', async () => {
  const total = 10;
  const shared = PixelBudget.create(total);
  const held = new SharedArrayBuffer(4);
  const most = await Promise.all(
    [0, 3, 5, 8].map(async (seed) => {
      const thread = new Worker(THREAD, { eval: true, workerData: { shared, held, total, seed } });
      const [[answer]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')]);
      return answer as number;
    }),
  );
  expect(Math.max(...most)).toBeLessThanOrEqual(total);
  expect(new Int32Array(held)[0]).toBe(0);
  // All of it has come back.
  new PixelBudget(shared).reserve(total)();
});
