import type { RunManifest } from '../record/run-folder.js';

type StackRuns = Pick<RunManifest, 'stacks' | 'points'>;

/** What must be known of servers of the user's own before their figures are compared; nothing of other stacks. */
export function stackCautions(manifest: StackRuns): string[] {
  const uncontrolled = measuredNames(manifest, 'uncontrolled').join(', ');
  const unchecked = measuredNames(manifest, 'unchecked').join(', ');
  return [
    ...(uncontrolled === ''
      ? []
      : [
          `the process of ${uncontrolled} was not controlled: it ran already, so it was not fresh in each repeat, had no cores of its own, and has no CPU or memory figures`,
        ]),
    ...(unchecked === '' ? [] : [`answers of ${unchecked} were not checked: any 2xx counts as right`]),
  ];
}

/** Stacks of this sort that have figures. */
export function measuredNames({ stacks, points }: StackRuns, sort: 'uncontrolled' | 'unchecked'): string[] {
  return stacks
    .filter((stack) => stack[sort] && points.some((point) => point.stack === stack.name))
    .map(({ name }) => name);
}
