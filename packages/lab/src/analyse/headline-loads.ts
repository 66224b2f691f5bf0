import type { WorkloadRun } from '../record/run-folder.js';
import { type LoadGroup, sustains } from './compare-stacks.js';
import { type EqualStacks, equalStacks, groupsAmong } from './equal-conditions.js';

/** The workload that the verdict is about: one of photographs where there is any, else the first that was run. */
export function mainWorkload(groups: readonly LoadGroup[], workloads: readonly WorkloadRun[]): string | null {
  const names = groups.map(({ workload }) => workload);
  const isPhotographs = (name: string) =>
    workloads.some((workload) => workload.name === name && workload.kind === 'photographs');
  return names.find(isPhotographs) ?? names[0] ?? null;
}

/** What decides among the stacks of one workload that have the same runtime and precision. */
export interface Headlines {
  readonly among: EqualStacks;
  readonly groups: readonly LoadGroup[];
}

/** Of every set of equal stacks, the largest first: only within one is a difference the stacks' own. */
export function headlinesOf(
  stacks: Parameters<typeof equalStacks>[0],
  groups: readonly LoadGroup[],
  workload: string,
): Headlines[] {
  return equalStacks(stacks, workload)
    .map((among) => ({ among, groups: headlineGroups(groupsAmong(groups, among), workload) }))
    .filter((headlines) => headlines.groups.length > 0);
}

/**
 * The loads that decide about one workload: the highest open rate that at least one stack sustains (the
 * highest of all, where none does), and the highest closed level.
 */
function headlineGroups(groups: readonly LoadGroup[], workload: string): LoadGroup[] {
  const own = groups.filter((group) => group.workload === workload);
  const open = own.filter(({ load }) => load.mode === 'open').sort(byRate);
  const kept = open.filter(({ entries }) =>
    entries.some(({ point }) => point.verdict.status === 'VALID' && sustains(point)),
  );
  const closed = own
    .filter(({ load }) => load.mode === 'closed')
    .sort((x, y) => (x.load.concurrency ?? 0) - (y.load.concurrency ?? 0));
  return [(kept.length > 0 ? kept : open).at(-1), closed.at(-1)].filter((group) => group !== undefined);
}

const byRate = (x: LoadGroup, y: LoadGroup): number => (x.load.rate_rps ?? 0) - (y.load.rate_rps ?? 0);
