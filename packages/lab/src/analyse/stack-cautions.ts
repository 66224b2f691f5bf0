import type { RunManifest } from '../record/run-folder.js';
import type { StackCaution } from '../text/reasons.js';

type StackRuns = Pick<RunManifest, 'stacks' | 'points'>;

/** What must be known of servers of the user's own before their figures are compared; nothing of other stacks. */
export function stackCautions(manifest: StackRuns): StackCaution[] {
  const cautions: StackCaution[] = [
    { id: 'uncontrolled-stack', stacks: measuredNames(manifest, 'uncontrolled') },
    { id: 'unchecked-stack', stacks: measuredNames(manifest, 'unchecked') },
  ];
  return cautions.filter(({ stacks }) => stacks.length > 0);
}

/** Stacks of this sort that have figures. */
export function measuredNames({ stacks, points }: StackRuns, sort: 'uncontrolled' | 'unchecked'): string[] {
  return stacks
    .filter((stack) => stack[sort] && points.some((point) => point.stack === stack.name))
    .map(({ name }) => name);
}
