import { expect, it } from 'vitest';
import { equalStacks } from './equal-conditions.js';

it('holds stacks on the CPU, told or not, equal to each other, but not to one on a GPU', () => {
  const stack = (name: string, device?: string) => ({
    ...{ name, device },
    ...{ workload: 'photographs', runtime: 'onnx', precision: 'f32' },
  });
  const stacks = [stack('servelab:none', 'cuda'), stack('servelab:greedy', 'cpu'), stack('fastapi/tuned')];
  expect(equalStacks(stacks, 'photographs')).toEqual([
    { words: 'onnx f32', names: ['servelab:greedy', 'fastapi/tuned'] },
    { words: 'onnx f32 on cuda', names: ['servelab:none'] },
  ]);
});
