import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { COLOUR_SIZE, colourGraph } from '../../../../test/fixtures/colour-classifier.js';
import { withPlacement } from './node-placement.js';
import { sessionOptions } from './session-options.js';

it('tells how many nodes of a graph ran on the CPU, and the session goes on', async () => {
  const dims = [1, 3, COLOUR_SIZE, COLOUR_SIZE];
  const image = new Tensor('float32', new Float32Array(3 * COLOUR_SIZE ** 2).fill(1), dims);
  const { value: session, placement } = await withPlacement(async (profileFilePrefix) => {
    const profiled = { ...sessionOptions(1), enableProfiling: true, profileFilePrefix };
    const opened = await InferenceSession.create(colourGraph(), profiled);
    await opened.run({ image });
    opened.endProfiling();
    return opened;
  });
  // GlobalAveragePool and Flatten.
  expect(placement).toEqual({ nodes: 2, nodesOnCpu: 2 });
  expect([...((await session.run({ image })).logits?.data ?? [])]).toEqual([1, 1, 1]);
  await session.release();
});
