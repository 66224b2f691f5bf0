import { expect, it } from 'vitest';
import { connectionLimit } from './connection-limit.js';

it.each<[asked: number | null, workers: number, openFiles: number, limit: number]>([
  [null, 2, 1_048_576, 10_000],
  [null, 2, Number.POSITIVE_INFINITY, 10_000],
  [50_000, 2, 1_048_576, 50_000],
  [null, 2, 1024, 1024 - 40 - 12 - 16],
  [5000, 2, 1024, 1024 - 40 - 12 - 16],
  [100, 2, 1024, 100],
  [null, 1, 128, 66],
  [null, 64, 128, 1],
])('asked for %s, with %i workers and %d open files: %i', (asked, workers, openFiles, limit) => {
  expect(connectionLimit(asked, workers, openFiles)).toBe(limit);
});
