import { type Comparison, mean, type Report } from '@servelab/core';
import { beforeAll, it } from 'vitest';
import { analyseRun } from '../../packages/lab/src/analyse/analyse-run.js';
import { syntheticRun } from '../fixtures/synthetic-run.js';
import { hold } from './figures.js';
import { either } from './form.js';

// Three stacks that are one and the same, simulated request by request and analysed as any run is: whatever
// the report then claims of a difference is false.
const TRIALS = either(200, 1000);
const LOADS = [
  { mode: 'closed', concurrency: 8 },
  { mode: 'open', rate_rps: 60, arrivals: 'poisson' },
] as const;
/** Of the stack that is one and the same, by repeat and stack: large beside the band of 3 %, which hides small errors. */
const REPEAT_NOISE = 0.08;

const reports: Report[] = [];
beforeAll(() => {
  for (let seed = 1; seed <= TRIALS; seed++) {
    const { manifest, loadPoint } = syntheticRun({
      stacks: ['a', 'b', 'c'].map((name) => ({ name, costMs: (size) => 7.2 * size + 0.4 })),
      loads: [...LOADS],
      warmupMs: 100,
      durationMs: 600,
      repeatNoise: REPEAT_NOISE,
      seed,
    });
    reports.push(analyseRun(manifest, loadPoint));
  }
});

const named = ({ verdict }: Comparison) => verdict === 'a' || verdict === 'b';
const sharePct = (holds: (report: Report) => boolean) =>
  (100 * reports.filter(holds).length) / reports.length;

it.for(LOADS)(
  'names a winner among equal stacks in at most 9 % of simulated runs ($mode loop)',
  (load, { task }) => {
    const share = sharePct(({ comparisons }) =>
      comparisons.some((comparison) => comparison.load.mode === load.mode && named(comparison)),
    );
    hold(task, `A/A, ${load.mode} loop: a winner among 3 equal stacks, ${TRIALS} runs`, share, {
      to: 9,
      unit: '%',
    });
  },
);

it('gives equal stacks one rank and the run no winner in at least 91 % of simulated runs', ({ task }) => {
  const share = sharePct(({ verdict }) => verdict.winner !== null);
  hold(task, `A/A: a run with a winner, ${TRIALS} runs`, share, { to: 9, unit: '%' });
});

it('gives a figure an interval that covers its true value in 93 to 97 % of simulated runs', ({ task }) => {
  const stats = reports.flatMap(({ stacks }) =>
    stacks.flatMap(({ points }) =>
      points
        .filter(({ load }) => load.mode === 'closed')
        .map(({ goodput_rps, repeats }) => ({ goodput_rps, repeats })),
    ),
  );
  // The true value is what all the runs together say: they have thousands of repeats.
  const logs = stats.flatMap(({ repeats }) =>
    repeats.map(({ goodput_rps }) => Math.log(goodput_rps ?? Number.NaN)),
  );
  const truth = Math.exp(mean(logs) ?? Number.NaN);
  const covered = stats.filter(
    ({ goodput_rps: { ci95 } }) => ci95 !== null && ci95[0] <= truth && ci95[1] >= truth,
  );
  const oracle = `coverage of goodput, through records and report, ${stats.length} intervals`;
  hold(task, oracle, (100 * covered.length) / stats.length, { from: 93, to: 97, unit: '%' });
});
