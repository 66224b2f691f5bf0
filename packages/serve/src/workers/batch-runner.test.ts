import { expect, it } from 'vitest';
import { BatchRunner } from './batch-runner.js';

/**
 * A runtime on a clock of its own: a batch of n takes n + 1 ms, ten times that during the busy spell, and 1 ms more
 * after a batch of another size.
 */
function onBusyMachine(busyFromUs: number, busyToUs: number) {
  let nowUs = 0;
  let last = 0;
  const runtime = {
    inputSize: 1,
    classCount: 1,
    run: async (_pixels: Uint8Array, count: number) => {
      const isBusy = nowUs >= busyFromUs && nowUs < busyToUs;
      nowUs += (count + 1) * 1000 * (isBusy ? 10 : 1) + (count === last ? 0 : 1000);
      last = count;
      return new Float32Array(count);
    },
    close: async () => {},
  };
  const stage = {
    ready: Promise.resolve(),
    pixels: new Uint8Array(12),
    decode: async () => ({ images: [], decodeUs: 0 }),
    close: async () => {},
  };
  return new BatchRunner(runtime, stage, () => nowUs);
}

it('times each size among its own kind: after another one a batch is slower', async () => {
  expect(await onBusyMachine(0, 0).measureCosts(4)).toEqual([2, 3, 4, 5]);
});

it('a busy spell while costs are measured does not make one batch size look dear', async () => {
  // Long enough to meet all runs of a size in one round, and those of others.
  expect(await onBusyMachine(16_000, 120_000).measureCosts(4)).toEqual([2, 3, 4, 5]);
});
