import { expect, it } from 'vitest';
import { decodeThreadsFor } from './decode-threads.js';

it.each([
  // A worker a core, more workers than cores, one core for all: nothing runs side by side.
  { cores: 1, workers: 1, threads: 0 },
  { cores: 2, workers: 2, threads: 0 },
  { cores: 2, workers: 8, threads: 0 },
  { cores: 1, workers: 0, threads: 0 },
  { cores: 2, workers: 1, threads: 2 },
  { cores: 4, workers: 0, threads: 4 },
  { cores: 7, workers: 2, threads: 3 },
  { cores: 64, workers: 1, threads: 8 },
])('$threads threads decode for each of $workers workers on $cores cores', ({ cores, workers, threads }) => {
  expect(decodeThreadsFor(cores, workers)).toBe(threads);
});
