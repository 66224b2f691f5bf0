import type { BatchRecord } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { BatchJournalRing } from './batch-journal-ring.js';

const record = (id: number): BatchRecord => ({
  id,
  worker: 0,
  size: 1,
  reason: 'a worker is free and 1 waits',
  rule: 'worker-free',
  formed_at_ms: id,
  wait_ms: 0,
  decode_ms: 1,
  infer_ms: 7,
  request_ids: [`r${id}`],
});

describe('BatchJournalRing', () => {
  it.each<[name: string, added: number, ids: number[]]>([
    ['nothing yet', 0, []],
    ['not full', 2, [0, 1]],
    ['just full', 3, [0, 1, 2]],
    ['once round and a bit', 5, [2, 3, 4]],
    ['twice round', 6, [3, 4, 5]],
  ])('keeps the last records, newest last: %s', (_name, added, ids) => {
    const ring = new BatchJournalRing(3);
    for (let id = 0; id < added; id++) ring.add(record(id));
    expect(ring.snapshot().batches.map(({ id }) => id)).toEqual(ids);
  });
});
