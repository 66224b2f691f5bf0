import { seededRandom } from '@servelab/core';
import type { FuzzFailure, FuzzInput, FuzzTarget, OpenTarget } from './fuzz-target.js';

export interface CaseRange {
  readonly seed: number;
  readonly from: number;
  /** Asked before each case: whether there shall be another one. */
  readonly goesOn: (number: number) => boolean;
}

export interface CasesDone {
  /** The first case that was not run. */
  readonly next: number;
  readonly failures: readonly FuzzFailure[];
}

/** Runs cases one after the other, as many at once as the target takes, then looks at it as a whole. */
export async function runCases(
  { name }: FuzzTarget,
  open: OpenTarget,
  { seed, from, goesOn }: CaseRange,
): Promise<CasesDone> {
  const failures: FuzzFailure[] = [];
  let next = from;
  const lane = async () => {
    while (goesOn(next)) {
      const number = next++;
      const { input, fault } = await runCase(open, name, seed, number);
      if (fault !== null) failures.push({ target: name, seed, number, fault, input });
    }
  };
  await Promise.all(Array.from({ length: open.atOnce }, lane));
  const faults = (await open.wellAfter?.()) ?? [];
  for (const fault of faults) {
    const range = `after cases ${from} to ${next - 1}`;
    failures.push({ target: name, seed, number: null, fault: `${range}: ${fault}`, input: null });
  }
  return { next, failures };
}

async function runCase(
  open: OpenTarget,
  name: string,
  seed: number,
  number: number,
): Promise<{ input: FuzzInput | null; fault: string | null }> {
  let input: FuzzInput | null = null;
  try {
    input = await open.make(seededRandom(seed, `${name} ${number}`));
    return { input, fault: await open.check(input) };
  } catch (error) {
    return { input, fault: `the check itself failed: ${(error as Error).stack}` };
  }
}
