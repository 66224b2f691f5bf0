import type { Load } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { type SyntheticRunOptions, syntheticRun } from '../../../../test/fixtures/synthetic-run.js';
import { analyseRun } from '../analyse/analyse-run.js';
import { type CompareRequest, compareRuns } from './compare-runs.js';
import { comparisonMarkdown, comparisonText, passes } from './comparison-words.js';
import { unlikeParts } from './fingerprints.js';

const CLOSED: Load = { mode: 'closed', concurrency: 8 };
const OPEN: Load = { mode: 'open', rate_rps: 60, arrivals: 'poisson' };
const REQUEST: CompareRequest = { metrics: [], maxRegressionPct: 5 };

/** A run of one stack that takes so long for an image. */
function run(imageMs: number, options: Partial<SyntheticRunOptions> = {}) {
  const { manifest, loadPoint } = syntheticRun({
    stacks: [{ name: 'servelab:none', costMs: (n) => imageMs * n }],
    loads: [CLOSED, OPEN],
    ...options,
  });
  return analyseRun(manifest, loadPoint);
}

const verdicts = (before: ReturnType<typeof run>, after: ReturnType<typeof run>, request = REQUEST) =>
  compareRuns(before, after, request).rows.map(({ load, metric, verdict, note }) =>
    [load.mode, metric.name, verdict, note].filter((word) => word !== undefined).join(' '),
  );

describe('two runs', () => {
  it('of equals are no regression', () => {
    for (const verdict of verdicts(run(7, { seed: 1 }), run(7, { seed: 2 })))
      expect(verdict).toMatch(/same|unresolved/);
  });

  it('of which the second is slower are one, at each load by the figure that decides there', () => {
    expect(verdicts(run(7), run(9, { seed: 2 }))).toEqual([
      'closed goodput regression',
      'open p95 regression',
    ]);
    expect(verdicts(run(9), run(7, { seed: 2 }))).toEqual([
      'closed goodput improvement',
      'open p95 improvement',
    ]);
  });

  it('may differ by less than counts', () => {
    const [before, after] = [run(7, { repeatNoise: 0.001 }), run(7.2, { repeatNoise: 0.001 })];
    const request = { metrics: ['throughput'], maxRegressionPct: 5 };
    expect(verdicts(before, after, request)[0]).toBe('closed throughput same');
    expect(verdicts(before, after, { ...request, maxRegressionPct: 1 })[0]).toBe(
      'closed throughput regression',
    );
  });

  it('are not told apart by one repeat each', () => {
    expect(verdicts(run(7, { repeats: 1 }), run(9, { repeats: 1 }))[0]).toBe('closed goodput unresolved');
  });

  it('of which one is saturated need no figures', () => {
    expect(verdicts(run(7), run(30))[1]).toBe('open p95 regression saturated now');
    expect(verdicts(run(30), run(7))[1]).toBe('open p95 improvement no longer saturated');
    expect(verdicts(run(30), run(31))[1]).toBe('open p95 unresolved SATURATED in both runs');
  });

  it('that are INVALID decide nothing', () => {
    const short = run(7, { durationMs: 5 });
    expect(verdicts(run(7), short)[0]).toBe('closed goodput unresolved INVALID after');
  });

  it('are compared only where both have measured, and what is left out is said', () => {
    const [all, less] = [run(7), run(7, { loads: [CLOSED] })];
    const missing = { workload: 'photographs', stack: 'servelab:none', load: OPEN };
    const { rows, ...unmatched } = compareRuns(all, less, REQUEST);
    expect(rows).toHaveLength(1);
    expect(unmatched).toEqual({ gone: [missing], added: [] });
    expect(compareRuns(less, all, REQUEST)).toMatchObject({ gone: [], added: [missing] });
  });

  it('of which the second lacks a stack do not pass unless that is allowed', () => {
    const costMs = (n: number) => 7 * n;
    const names = ['servelab:none', 'servelab:greedy'];
    const both = run(7, { stacks: names.map((name) => ({ name, costMs })) });
    const account = (before: typeof both, after: typeof both, allowMissing: boolean) => ({
      ...{ before: 'runs/a', after: 'runs/b', maxRegressionPct: 5, unlike: [], allowMissing },
      comparison: compareRuns(before, after, REQUEST),
    });
    const gone = account(both, run(7), false);
    // Once, however many loads it had.
    expect(gone.comparison.gone).toEqual([{ workload: 'photographs', stack: 'servelab:greedy', load: null }]);
    expect(passes(gone)).toBe(false);
    expect(comparisonText(gone)).toMatch(/--allow-missing.*\nservelab:greedy \(photographs\) is gone, /s);
    expect(comparisonMarkdown(gone)).toMatch(/^\*\*servelab:greedy \(photographs\) is gone, /);
    const allowed = account(both, run(7), true);
    expect(passes(allowed)).toBe(true);
    expect(comparisonText(allowed)).toContain(
      'note: servelab:greedy (photographs) is gone, which was allowed',
    );
    const added = account(run(7), both, false);
    expect(passes(added)).toBe(true);
    expect(comparisonText(added)).toContain('note: servelab:greedy (photographs) is only in the second run');
  });

  it('are compared by figures that there are', () => {
    expect(() => compareRuns(run(7), run(7), { ...REQUEST, metrics: ['p42'] })).toThrow(/p42/);
  });
});

describe('under unlike conditions', () => {
  it('is said part by part', () => {
    const other = run(7, {
      manifest: {
        environment: { cpu_model: 'Other CPU', cpu_flags: ['avx2'], kernel: 'Linux 6.1', node: 'v20.20.2' },
        model: { name: 'mobilenet_v2_1.0_224', sha256: 'f'.repeat(64), synthetic: false },
        slo: 'p99<=100ms',
      },
    });
    expect(unlikeParts(run(7), run(7, { seed: 9 }))).toEqual([]);
    expect(unlikeParts(run(7), other)).toEqual([
      { part: 'CPU', before: 'none', after: 'Other CPU' },
      { part: 'CPU flags', before: 'none', after: 'avx2' },
      { part: 'model', before: '5d31'.padEnd(64, '0'), after: 'f'.repeat(64) },
      { part: 'SLO', before: 'none', after: 'p99<=100ms' },
    ]);
  });
});

it('says what it found, for a terminal and for a pull request', () => {
  const comparison = compareRuns(run(7), run(9), REQUEST);
  const account = {
    before: 'runs/a',
    after: 'runs/b',
    maxRegressionPct: 5,
    comparison,
    unlike: [],
    allowMissing: false,
  };
  expect(comparisonText(account)).toMatch(
    /photographs +servelab:none +8 at a time +goodput .*WORSE\n.*regression: 2 of 2 figures worse by more than 5 %$/s,
  );
  expect(comparisonMarkdown(account)).toMatch(
    /^\*\*regression: 2 of 2 figures .*\*\*\n\n\| workload \| stack .*\| WORSE \|.*Before: `runs\/a`; after: `runs\/b`/s,
  );
});
