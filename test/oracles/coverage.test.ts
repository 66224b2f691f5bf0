import {
  type Difference,
  pairedDifference,
  seededRandom,
  statOverRepeats,
  unpairedDifference,
} from '@servelab/core';
import { it } from 'vitest';
import { hold } from './figures.js';
import { either } from './form.js';

const TRIALS = either(2000, 20_000);
/** Standard deviation of a repeat, and of what all stacks of a block have in common, on the log scale. */
const NOISE = 0.05;
const BLOCK_NOISE = 0.1;
const TRUTH = 100;
const TRUE_DIFFERENCE_PCT = 10;

type Interval = readonly [number, number] | null;
const holds = (interval: Interval, truth: number) =>
  interval !== null && interval[0] <= truth && interval[1] >= truth;

const random = seededRandom(7, 'coverage');
/** Standard normal by Box and Muller. */
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const scattered = (centre: number) => centre * Math.exp(NOISE * normal());
const better = TRUTH * (1 + TRUE_DIFFERENCE_PCT / 100);
const differenceHolds = ({ differencePct }: Difference) => holds(differencePct.ci95, TRUE_DIFFERENCE_PCT);

/** One simulated experiment each: whether the interval held the truth. */
const ESTIMATORS: Record<string, (repeats: number) => boolean> = {
  'a figure': (repeats) =>
    holds(statOverRepeats(Array.from({ length: repeats }, () => scattered(TRUTH))).ci95, TRUTH),
  'a paired difference': (repeats) =>
    differenceHolds(
      pairedDifference(
        Array.from({ length: repeats }, () => {
          const block = Math.exp(BLOCK_NOISE * normal());
          return [block * scattered(better), block * scattered(TRUTH)] as const;
        }),
      ),
    ),
  'a difference of two runs': (repeats) =>
    differenceHolds(
      unpairedDifference(
        Array.from({ length: repeats }, () => scattered(better)),
        Array.from({ length: repeats }, () => scattered(TRUTH)),
      ),
    ),
};

/** The default of five repeats, and fewer. */
const REPEATS = [3, 5];
const CASES = Object.keys(ESTIMATORS).flatMap((what) => REPEATS.map((repeats) => ({ what, repeats })));

it.for(CASES)(
  'the 95 % interval of $what over $repeats repeats covers the truth in 93 to 97 % of simulated runs',
  ({ what, repeats }, { task }) => {
    let covered = 0;
    for (let trial = 0; trial < TRIALS; trial++) if (ESTIMATORS[what]?.(repeats)) covered++;
    const oracle = `coverage of the interval of ${what}, ${repeats} repeats, ${TRIALS} runs`;
    // Welch's degrees of freedom are an estimate; for so few it errs to the safe side.
    const to = what === 'a difference of two runs' && repeats === 3 ? 98 : 97;
    hold(task, oracle, (100 * covered) / TRIALS, { from: 93, to, unit: '%' });
  },
);
