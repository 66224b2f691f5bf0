import type { Point } from '@servelab/core';
import { expect, it } from 'vitest';
import { findKnee } from './knee.js';

const ladder = (...levels: [users: number, rps: number, status?: Point['verdict']['status']][]) =>
  levels.map(([concurrency, value, status = 'VALID']) => ({
    load: { mode: 'closed', concurrency },
    throughput_rps: { value },
    verdict: { status, reasons: [] },
  })) as unknown as Point[];

it.each([
  ['throughput stops growing', ladder([1, 50], [2, 98], [4, 160], [8, 165], [16, 166]), 4],
  ['it falls again', ladder([1, 50], [2, 98], [4, 60]), 2],
  ['a level is slow by chance', ladder([1, 50], [2, 51], [4, 98], [8, 99]), 4],
  ['it grows to the end', ladder([1, 50], [2, 98], [4, 190]), null],
  ['all that is beyond is INVALID', ladder([1, 50], [2, 98], [4, 99, 'INVALID']), null],
  ['there is one level', ladder([8, 100]), null],
])('where %s', (_what, points, knee) => {
  expect(findKnee(points)).toBe(knee);
});
