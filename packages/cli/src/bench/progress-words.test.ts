import { describe, expect, it } from 'vitest';
import { clockTime, eventLine, liveWords } from './progress-words.js';

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

  it('announces the time before the run', () => {
    expect(eventLine({ kind: 'announced', turns: 30, points: 45, remainingS: 240 })).toBe(
      '45 points in 30 fresh processes: about 4:00 minutes.',
    );
  });

  it('is loud about wrong answers and silent about right ones', () => {
    const golden = (agreed: number) =>
      eventLine({ kind: 'golden', turn, result: { checked: 64, agreed, required: 64 } });
    expect(golden(64)).toBeNull();
    expect(golden(63)).toContain('WRONG ANSWERS: servelab:none agreed on 63 of 64');
  });

  it('keeps one line a point', () => {
    const load = { mode: 'closed' as const, concurrency: 8 };
    const line = eventLine({ kind: 'point-done', turn, load, throughputRps: 103.25, errors: 2 });
    expect(line).toMatch(/repeat 2 {2}photographs servelab:none +closed 8 +103\.3 req\/s {2}2 not ok/);
  });

  it('shows live percentiles, and errors only when there are any', () => {
    const progress = {
      phase: 'measured' as const,
      elapsedUs: 1,
      totalUs: 2,
      sent: 10,
      done: 8,
      errors: 0,
      inFlight: 2,
      ratePerS: 101.6,
      latencyUs: { p50: 9500, p95: 11_000, p99: 20_040 },
    };
    expect(liveWords(progress)).toBe('measured  102 req/s  p50 9.5 ms  p99 20.0 ms  2 in flight');
    expect(liveWords({ ...progress, errors: 3 })).toContain('3 ERRORS');
  });
});
