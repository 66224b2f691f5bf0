import { describe, expect, it } from 'vitest';
import { membersOf, type ProcessRow } from './process-table.js';

const row = (pid: number, parent: number, session: number, marked = false): ProcessRow => ({
  pid,
  parent,
  session,
  marked,
});
const pids = (rows: readonly ProcessRow[]) => rows.map(({ pid }) => pid).sort((a, b) => a - b);

describe('membersOf', () => {
  const strangers = [row(1, 0, 1), row(90, 1, 90), row(91, 90, 90)];

  it('finds what is in the session, and nobody else', () => {
    expect(pids(membersOf([...strangers, row(10, 1, 10), row(11, 10, 10)], new Set([10])))).toEqual([10, 11]);
  });

  it('finds a daemon that left the session and lost its parent, by its mark, and what it started', () => {
    const daemon = row(20, 1, 20, true);
    // Its worker wrote over its environment, and the worker's child lost the worker.
    const rows = [row(22, 1, 20), row(21, 20, 20), ...strangers, daemon];
    expect(pids(membersOf(rows, new Set([10])))).toEqual([20, 21, 22]);
  });

  it('does not take in a whole session because one member sits in it', () => {
    expect(pids(membersOf([...strangers, row(92, 91, 90, true)], new Set([10])))).toEqual([92]);
  });
});
