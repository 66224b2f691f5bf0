import type { TestContext } from 'vitest';
import { expectHeld, type Figure, figureWords, note } from './figures.js';
import { isLong } from './form.js';
import { watchOtherWork } from './other-work.js';

/** A shared host slows a virtual machine for seconds without a trace in it; a broken driver is off by more than this. */
const NOISE_TIMES_LIMIT = 10;

/**
 * Judges figures that were measured on the clock. Limits hold for a machine that does nothing else. Where a figure is
 * outside and other work took a part of the cores meanwhile, the short form does not judge it: the test is skipped with
 * the reason. Where no other work was seen, the short form allows ten times the limit for what cannot be seen, and fails
 * beyond that, at the first try. The long form judges by the limit in any case.
 *
 * @param measure whatever it started may go on until the figures have been judged
 */
export async function onTheClock(
  { task, skip }: TestContext,
  measure: () => Promise<readonly Figure[]>,
): Promise<void> {
  const otherWork = await watchOtherWork();
  const figures = await measure();
  const outside = figures.filter(({ outcome }) => outcome === 'NOT OK');
  const disturbed = outside.length === 0 || isLong ? null : ((await otherWork()) ?? withinNoise(outside));
  if (disturbed === null) {
    note(task, figures);
    figures.forEach(expectHeld);
    return;
  }
  note(
    task,
    figures.map((figure) => (outside.includes(figure) ? { ...figure, outcome: 'not judged' } : figure)),
  );
  skip(notJudged(disturbed, outside.map(figureWords).join('; ')));
}

function withinNoise(outside: readonly Figure[]): string | null {
  const within = outside.every(({ timesLimit }) => timesLimit <= NOISE_TIMES_LIMIT);
  return within ? `within ${NOISE_TIMES_LIMIT} times the limit, see make test-oracles` : null;
}

/**
 * The same for what is no figure, such as words that follow from figures.
 *
 * @param measure what it throws counts, whatever else ran
 * @param judge expectations that noise may break
 * @param noiseIn what says in itself that the machine was not quiet, or null
 */
export async function seenOnTheClock<T>(
  { skip }: TestContext,
  measure: () => Promise<T>,
  judge: (seen: T) => Promise<void>,
  noiseIn: (seen: T) => string | null = () => null,
): Promise<void> {
  const otherWork = await watchOtherWork();
  const seen = await measure();
  try {
    await judge(seen);
  } catch (error) {
    const disturbed = isLong ? null : ((await otherWork()) ?? noiseIn(seen));
    if (disturbed === null) throw error;
    skip(notJudged(disturbed, (error as Error).message));
  }
}

const notJudged = (why: string, what: string): string => `not judged here: ${why}; ${what}`;
