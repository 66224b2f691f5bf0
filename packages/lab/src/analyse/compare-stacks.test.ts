import { type Load, NO_STAT, type Point, type Random, seededRandom, statOverRepeats } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { compareStacks } from './compare-stacks.js';
import { overallWinner, rankStacks } from './rank-stacks.js';

const OPEN: Load = { mode: 'open', rate_rps: 50, arrivals: 'poisson' };
const CLOSED: Load = { mode: 'closed', concurrency: 8 };

/** A point of which only what a comparison looks at is filled in. */
function point(load: Load, values: number[], status: Point['verdict']['status'] = 'VALID'): Point {
  const counts = { scheduled: 100, ok: 100, wrong: 0, rejected: 0, failed: 0, timed_out: 0, incomplete: 0 };
  const stat = statOverRepeats(values);
  const latency = { mean: stat, p50: stat, p90: stat, p95: stat, p99: stat, p99_9: NO_STAT, max: stat };
  return {
    load,
    verdict: { status, reasons: [] },
    samples: 100,
    counts,
    checked: 0,
    throughput_rps: stat,
    goodput_rps: stat,
    cpu_s_per_1000: NO_STAT,
    rss_mb: null,
    batch_size: { mean: null, histogram: {} },
    latency_ms: latency,
    service_ms: latency,
    lag_ms: { p50: null, p99: null },
    repeats: values.map((value, repeat) => ({
      repeat,
      throughput_rps: value,
      goodput_rps: value,
      mean_ms: value,
      p50_ms: value,
      p95_ms: value,
      p99_ms: value,
      counts,
    })),
  };
}

const compare = (load: Load, points: Record<string, Point>) =>
  compareStacks({
    workload: 'w',
    load,
    entries: Object.entries(points).map(([stack, one]) => ({ stack, point: one })),
  });

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Five repeats around a level, each block with a disturbance that all stacks share. */
function simulated(random: Random, levels: number[], noise: number): number[][] {
  const blocks = Array.from({ length: 5 }, () => 0.1 * normal(random));
  return levels.map((level) => blocks.map((block) => level * Math.exp(block + noise * normal(random))));
}

describe('compareStacks', () => {
  it('lets the lower latency and the higher goodput win', () => {
    const fast = [20, 20.2, 19.9, 20.1, 20];
    const slow = [30, 30.3, 29.8, 30.1, 29.9];
    expect(compare(OPEN, { a: point(OPEN, fast), b: point(OPEN, slow) })[0]).toMatchObject({
      metric: 'latency_ms.p95',
      verdict: 'a',
    });
    expect(compare(CLOSED, { a: point(CLOSED, fast), b: point(CLOSED, slow) })[0]).toMatchObject({
      metric: 'goodput_rps',
      verdict: 'b',
    });
  });

  it('calls a sure difference below 3 % a tie, and one that might be larger unresolved', () => {
    const base = [100, 100.1, 99.9, 100, 100.05];
    const near = base.map((value) => value * 1.02);
    expect(compare(CLOSED, { a: point(CLOSED, base), b: point(CLOSED, near) })[0]?.verdict).toBe('tie');
    const spread = [96, 108, 99, 111, 97];
    expect(compare(CLOSED, { a: point(CLOSED, base), b: point(CLOSED, spread) })[0]?.verdict).toBe(
      'unresolved',
    );
  });

  it('pairs by repeat, so that a disturbance of a whole block does not hide a difference', () => {
    const blocks = [1, 1.4, 0.8, 1.2, 0.9];
    const a = point(
      CLOSED,
      blocks.map((block) => 100 * block),
    );
    const b = point(
      CLOSED,
      blocks.map((block, i) => 110 * block * (1 + 0.002 * i)),
    );
    expect(compare(CLOSED, { a, b })[0]?.verdict).toBe('b');
  });

  it('decides nothing on an invalid point or a single repeat', () => {
    const invalid = point(OPEN, [20, 20.1, 19.9], 'INVALID');
    expect(compare(OPEN, { a: invalid, b: point(OPEN, [30, 30.1, 29.9]) })[0]?.verdict).toBe('unresolved');
    expect(compare(OPEN, { a: point(OPEN, [20]), b: point(OPEN, [30]) })[0]?.verdict).toBe('unresolved');
  });

  it('lets a stack that sustains the open rate win over one that fails requests, and states no difference', () => {
    const failing = point(OPEN, [5, 5.1, 4.9]);
    failing.counts = { ...failing.counts, ok: 90, failed: 10 };
    expect(compare(OPEN, { a: failing, b: point(OPEN, [20, 20.1, 19.9]) })[0]).toMatchObject({
      verdict: 'b',
      difference_pct: { value: null },
    });
  });

  it('names a winner in at most 9 % of 200 A/A trials of three stacks', () => {
    const random = seededRandom(11, 'a/a');
    let named = 0;
    for (let trial = 0; trial < 200; trial++) {
      const [a = [], b = [], c = []] = simulated(random, [100, 100, 100], 0.05);
      const comparisons = compare(CLOSED, { a: point(CLOSED, a), b: point(CLOSED, b), c: point(CLOSED, c) });
      if (comparisons.some(({ verdict }) => verdict === 'a' || verdict === 'b')) named++;
    }
    expect(named / 200).toBeLessThanOrEqual(0.09);
  });

  it('finds a true effect of 10 % in at least 9 of 10 trials with 2 % of noise', () => {
    const random = seededRandom(12, 'effect');
    let found = 0;
    for (let trial = 0; trial < 200; trial++) {
      const [a = [], b = []] = simulated(random, [110, 100], 0.02);
      if (compare(CLOSED, { a: point(CLOSED, a), b: point(CLOSED, b) })[0]?.verdict === 'a') found++;
    }
    expect(found / 200).toBeGreaterThanOrEqual(0.9);
  });
});

describe('ranking', () => {
  const stack = (level: number) =>
    point(
      CLOSED,
      [1, 1.001, 0.999, 1.002, 0.998].map((x) => x * level),
    );
  const comparisons = compare(CLOSED, { slow: stack(50), best: stack(101), twin: stack(100) });

  it('puts ties into one group', () => {
    expect(rankStacks(['best', 'twin', 'slow'], comparisons)).toEqual([['best', 'twin'], ['slow']]);
    expect(overallWinner(['best', 'twin', 'slow'], comparisons)).toBeNull();
  });

  it('names the one that beats all others', () => {
    const clear = compare(CLOSED, { slow: stack(50), best: stack(120), twin: stack(100) });
    expect(overallWinner(['slow', 'best', 'twin'], clear)).toBe('best');
    expect(rankStacks(['slow', 'best', 'twin'], clear)).toEqual([['best'], ['twin'], ['slow']]);
  });

  it('keeps stacks together that are each better at something', () => {
    const latency = compare(OPEN, { a: point(OPEN, [10, 10.1, 9.9]), b: point(OPEN, [20, 20.1, 19.9]) });
    const goodput = compare(CLOSED, { a: stack(50), b: stack(100) });
    expect(rankStacks(['a', 'b'], [...latency, ...goodput])).toEqual([['a', 'b']]);
    expect(overallWinner(['a', 'b'], [...latency, ...goodput])).toBeNull();
  });
});
