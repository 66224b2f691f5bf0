import { describe, expect, it } from 'vitest';
import { type Attempt, nextAttempts } from './retry.js';

describe('nextAttempts', () => {
  it.each<[name: string, failed: Attempt, next: Attempt[]]>([
    ['the first failure repeats the batch', { ids: [1, 2], attempt: 1 }, [{ ids: [1, 2], attempt: 2 }]],
    [
      'the second one parts its images',
      { ids: [1, 2], attempt: 2 },
      [
        { ids: [1], attempt: 3 },
        { ids: [2], attempt: 3 },
      ],
    ],
    ['an image that fails alone has failed', { ids: [2], attempt: 3 }, []],
    ['a batch of one is repeated once', { ids: [1], attempt: 2 }, []],
    ['nobody is left', { ids: [], attempt: 1 }, []],
  ])('%s', (_name, failed, next) => {
    expect(nextAttempts(failed)).toEqual(next);
  });
});
