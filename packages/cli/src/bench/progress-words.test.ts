import { describe, expect, it } from 'vitest';
import { clockTime } from '../live/clock-time.js';
import { textOf } from '../live/line.js';
import { eventLine } from './progress-words.js';

const turn = { order: 0, repeat: 1, workload: 'photographs', stack: 'servelab:none', loads: [] };

describe('progress in words', () => {
  it.each([
    [0, '0:00'],
    [65, '1:05'],
    [600.4, '10:00'],
    [-3, '0:00'],
  ])('%s s is %s', (seconds, text) => {
    expect(clockTime(seconds)).toBe(text);
  });

  it('says what the driver can do', () => {
    const driver = {
      ceiling: { concurrency: 8, rps: 9812.4 },
      floor: { p50_ms: 0.21, p99_ms: null },
      open: { rate_rps: 200, p50_ms: 0.3, p99_ms: null, lag_p99_ms: 0.051 },
    };
    expect(eventLine({ kind: 'driver-calibrated', driver })).toEqual([
      { text: 'The load driver itself: at most 9812 req/s, at least 0.21 ms, lag p99 0.05 ms.' },
    ]);
  });

  it('is loud about wrong answers and silent about right ones', () => {
    const golden = (agreed: number) =>
      eventLine({ kind: 'golden', turn, result: { checked: 64, agreed, required: 64 } });
    expect(golden(64)).toBeNull();
    expect(golden(63)).toEqual([
      { text: expect.stringContaining('WRONG ANSWERS: servelab:none agreed on 63 of 64'), tone: 'bad' },
    ]);
  });

  it('keeps one line a point, and says in it what was not ok', () => {
    const load = { mode: 'closed' as const, concurrency: 8 };
    const line = eventLine({ kind: 'point-done', turn, load, throughputRps: 103.25, errors: 2 }) ?? [];
    expect(textOf(line)).toMatch(
      /repeat 2 {2}photographs servelab:none +closed 8 +103\.3 req\/s {2}2 not ok$/,
    );
    expect(line.at(-1)?.tone).toBe('bad');
  });
});
