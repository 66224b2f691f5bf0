import { reportSchema } from '@servelab/core/report-schema';
import { describe, expect, it } from 'vitest';
import {
  type SyntheticRun,
  type SyntheticRunOptions,
  syntheticRun,
} from '../../../../test/fixtures/synthetic-run.js';
import { analyseRun } from './analyse-run.js';

const linear = (perImageMs: number) => (size: number) => perImageMs * size + 0.4;
const policies: SyntheticRunOptions['stacks'] = [
  { name: 'servelab:none@f32', costMs: linear(7.2) },
  { name: 'servelab:greedy@f32', costMs: linear(7.2), maxBatchSize: 8 },
  { name: 'servelab:fixed-window@f32', costMs: linear(7.2), maxBatchSize: 8, windowMs: 10 },
];
const closed8 = { mode: 'closed', concurrency: 8 } as const;
const open90 = { mode: 'open', rate_rps: 90, arrivals: 'poisson' } as const;

const analyse = ({ manifest, loadPoint }: SyntheticRun) => analyseRun(manifest, loadPoint);

describe('analyseRun', () => {
  const report = analyse(syntheticRun({ stacks: policies, loads: [closed8, open90] }));

  it('gives a report after the published schema, the same each time', () => {
    expect(reportSchema.parse(report)).toEqual(report);
    const again = analyse(syntheticRun({ stacks: policies, loads: [closed8, open90] }));
    expect(JSON.stringify(again)).toBe(JSON.stringify(report));
  });

  it('finds a valid run, with every check passed', () => {
    expect(report.verdict.status).toBe('VALID');
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.stacks.flatMap(({ points }) => points.map(({ verdict }) => verdict.status))).toEqual(
      Array(6).fill('VALID'),
    );
  });

  it('measures what each batch size costs', () => {
    const cost = report.stacks.find(({ name }) => name === 'servelab:greedy@f32')?.batch_cost_ms ?? {};
    expect(cost['1']).toBeGreaterThan(7.6);
    expect(cost['1']).toBeLessThan(8);
    expect(cost['4']).toBeGreaterThan(29.2);
  });

  it('names no winner where one policy leads at the open rate and another under closed load', () => {
    const verdicts = report.comparisons.map(({ metric, a, b, verdict }) => `${metric} ${a} ${b}: ${verdict}`);
    expect(verdicts).toContain('latency_ms.p95 servelab:none@f32 servelab:fixed-window@f32: a');
    expect(verdicts).toContain('goodput_rps servelab:none@f32 servelab:greedy@f32: b');
    expect(report.verdict.winner).toBeNull();
    expect(report.verdict.sentence).toMatch(/at 90 req\/s servelab:none@f32 answers fastest: p95 latency of/);
    expect(report.verdict.sentence).toMatch(/at 8 at a time .* tie on goodput/);
  });

  it('does not compare stacks of unlike precision or runtime as equals', () => {
    const { verdict, comparisons } = analyse(
      syntheticRun({
        stacks: [
          { name: 'fast@int8', costMs: linear(3) },
          { name: 'good@f32', costMs: linear(6) },
          { name: 'poor@f32', costMs: linear(9) },
        ],
        loads: [closed8],
      }),
    );
    expect(verdict.winner).toBe('good@f32');
    expect(verdict.sentence).toMatch(/^good@f32 wins among onnx f32\. On photographs with onnx f32, at 8 /);
    expect(verdict.sentence).toMatch(
      /On photographs with onnx int8, at 8 at a time fast@int8 has a goodput of/,
    );
    expect(verdict.sentence).toContain('not the framework’s alone');
    // The figures are there all the same.
    expect(comparisons).toHaveLength(3);
    expect(verdict.ranking).toEqual([['fast@int8'], ['good@f32'], ['poor@f32']]);
  });

  it('names a tie as a tie', () => {
    const [none] = policies;
    const twin = { ...none, name: 'servelab:greedy@f32', costMs: linear(7.2) };
    const tied = analyse(
      syntheticRun({
        stacks: [{ name: 'servelab:none@f32', costMs: linear(7.2) }, twin],
        loads: [closed8],
        repeatNoise: 0.002,
        durationMs: 5000,
      }),
    );
    expect(tied.comparisons.map(({ verdict }) => verdict)).toEqual(['tie']);
    expect(tied.verdict.ranking.map((group) => group.length)).toEqual([2]);
    expect(tied.verdict.sentence).toMatch(/tie on goodput .* inside the 3 % band/);
  });

  it('calls a stack that cannot keep up saturated, and the one that does the winner', () => {
    const [fast, slow] = [
      { name: 'fast', costMs: linear(5) },
      { name: 'slow', costMs: linear(20) },
    ];
    const { stacks, comparisons, verdict } = analyse(syntheticRun({ stacks: [fast, slow], loads: [open90] }));
    const slowPoint = stacks.find(({ name }) => name === 'slow')?.points[0];
    expect(slowPoint?.verdict.status).toBe('SATURATED');
    expect(slowPoint?.verdict.reason_ids).toContain('growing-backlog');
    expect(comparisons[0]).toMatchObject({ verdict: 'a', difference_pct: { value: null } });
    expect(verdict).toMatchObject({ status: 'VALID', winner: 'fast', ranking: [['fast'], ['slow']] });
    expect(verdict.sentence).toMatch(/^fast wins\. On photographs, at 90 req\/s only fast sustains it/);
    const alone = analyse(syntheticRun({ stacks: [slow], loads: [open90] }));
    expect(alone.verdict.sentence).toBe('On photographs, at 90 req/s no stack sustains it.');
  });

  it('does not hold it against a stack that the machine was disturbed while it was measured', () => {
    const run = syntheticRun({ stacks: policies.slice(0, 2), loads: [closed8] });
    for (const [id, { server }] of run.points) {
      if (id.includes('greedy') && server !== null) server.steal = 0.2;
    }
    const { verdict } = analyse(run);
    expect(verdict.status).toBe('INVALID');
    expect(verdict.sentence).toMatch(/only servelab:none@f32 has a valid measurement/);
  });

  it('is INVALID, loudly, when interrupted, when a stack does not start, and when a record is missing', () => {
    const interrupted = analyse(
      syntheticRun({ stacks: policies, loads: [closed8], repeats: 2, manifest: { interrupted: true } }),
    );
    expect(interrupted.verdict.status).toBe('INVALID');
    expect(interrupted.verdict.sentence).toMatch(/^INVALID, not to be relied on/);
    expect(interrupted.stacks[0]?.points[0]?.samples).toBeGreaterThan(100);

    const failure = { message: 'exited with code 1', log_tail: 'no such file' };
    const dead = analyse(
      syntheticRun({
        stacks: [
          { name: 'a', costMs: linear(5) },
          { name: 'b', costMs: linear(5), failure },
        ],
        loads: [closed8],
      }),
    );
    expect(dead.verdict.reason_ids).toEqual(['stack-running']);
    expect(dead.checks.filter(({ ok }) => !ok)).toMatchObject([
      {
        id: 'stack-running',
        value: 0,
        params: { failure: 'exited with code 1' },
        where: { scope: 'stack', stack: 'b', workload: 'photographs' },
      },
    ]);

    const damaged = syntheticRun({ stacks: policies, loads: [closed8], repeats: 1 });
    for (const { records } of damaged.points.values()) records.splice(50, 1);
    const { verdict, stacks } = analyse(damaged);
    expect(verdict.status).toBe('INVALID');
    expect(stacks[0]?.points[0]?.verdict.reason_ids).toContain('requests-accounted-for');
  });

  it('keeps the answer when nothing was measured', () => {
    const empty = analyse(syntheticRun({ stacks: policies, loads: [] }));
    expect(empty.verdict).toMatchObject({ status: 'INVALID', winner: null, ranking: [] });
    expect(empty.verdict.sentence).toMatch(/Nothing was measured/);
  });
});
