import { describe, expect, it } from 'vitest';
import { type Attempt, nextAttempts, splitByOverrun } from './retry.js';

describe('nextAttempts', () => {
  const BOTH = { ids: [1, 2], attempt: 2 };
  const split = (attempt: number) => [
    { ids: [1], attempt },
    { ids: [2], attempt },
  ];
  it.each<[name: string, failed: Attempt, kind: 'ended' | 'timed-out', next: Attempt[]]>([
    ['the first failure repeats the batch', { ids: [1, 2], attempt: 1 }, 'ended', [BOTH]],
    ['the second one splits it', BOTH, 'ended', split(3)],
    ['the first time-out splits it', { ids: [1, 2], attempt: 1 }, 'timed-out', split(2)],
    ['an image that fails alone has failed', { ids: [2], attempt: 3 }, 'ended', []],
    ['a batch of one is repeated once', { ids: [1], attempt: 1 }, 'ended', [{ ids: [1], attempt: 2 }]],
    ['and once after a time-out', { ids: [1], attempt: 1 }, 'timed-out', [{ ids: [1], attempt: 2 }]],
    ['not twice', { ids: [1], attempt: 2 }, 'timed-out', []],
    ['no image is left', { ids: [], attempt: 1 }, 'timed-out', []],
  ])('%s', (_name, failed, kind, next) => {
    expect(nextAttempts(failed, kind)).toEqual(next);
  });
});

describe('splitByOverrun', () => {
  it('leaves the image at fault out and runs the others alone, those of its request last', () => {
    const loss = { kind: 'decode-timed-out', image: 3, suspects: [2, 5, 9] } as const;
    expect(splitByOverrun({ ids: [1, 2, 3, 4, 5], attempt: 1 }, loss)).toEqual({
      innocent: [
        { ids: [1], attempt: 1 },
        { ids: [4], attempt: 1 },
      ],
      suspected: [
        { ids: [2], attempt: 1 },
        { ids: [5], attempt: 1 },
      ],
    });
  });

  it('runs the batch again as it was where the image at fault was decoded ahead of another one', () => {
    const loss = { kind: 'decode-timed-out', image: 7, suspects: [2, 8] } as const;
    expect(splitByOverrun({ ids: [1, 2, 3], attempt: 1 }, loss)).toEqual({
      innocent: [{ ids: [1, 3], attempt: 1 }],
      suspected: [{ ids: [2], attempt: 1 }],
    });
    expect(splitByOverrun({ ids: [2], attempt: 1 }, loss).innocent).toEqual([]);
  });
});
