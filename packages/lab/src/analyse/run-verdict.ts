import type { Check, Comparison, Report } from '@servelab/core';
import type { RunManifest } from '../record/run-folder.js';
import { loadKey } from '../text/load-label.js';
import {
  cautionReason,
  failedCheckGroupReason,
  type Reason,
  reasonFields,
  UNPINNED,
} from '../text/reasons.js';
import { groupById } from './checks/check.js';
import type { LoadGroup } from './compare-stacks.js';
import { type Headlines, headlinesOf, mainWorkload } from './headline-loads.js';
import { headlineMetric } from './headline-metric.js';
import { overallWinner, rankStacks } from './rank-stacks.js';
import { measuredNames, stackCautions } from './stack-cautions.js';
import { groupSentence } from './verdict-sentence.js';

/** Stands behind the sentences wherever stacks with unlike runtimes or precisions were run together. */
export const UNEQUAL =
  'Between these sets the runtime or the precision differs as well as the server: such a difference is not the framework’s alone.';

interface Evidence {
  readonly groups: readonly LoadGroup[];
  readonly checks: readonly Check[];
  readonly comparisons: readonly Comparison[];
}

/**
 * The verdict of a run. It is about the main workload (photographs), and there about the stacks of one runtime and
 * precision (the set with the most of them), and is taken from two comparisons: p95 latency at their highest
 * sustained open rate, and goodput at their highest closed level. The winner is the stack that beats every other
 * of the set in at least one of them and loses to none in either; otherwise, and in an INVALID run, there is none.
 * The sentence adds what the other sets and the other workloads show. The ranking is of all stacks of the main
 * workload.
 */
export function judgeRun(
  manifest: RunManifest,
  { groups, checks, comparisons }: Evidence,
): Report['verdict'] {
  const main = mainWorkload(groups, manifest.workloads);
  const headlines = main === null ? [] : headlinesOf(manifest.stacks, groups, main);
  const [decisive] = headlines;
  const names = orderedNames(decisive?.groups ?? []);
  const deciding = among(names, comparisonsOf(decisive?.groups ?? [], comparisons));
  const failed = checks.filter(({ ok }) => !ok);
  // An invalid run names nobody: a winner is quoted without its doubts.
  const winner = failed.length > 0 ? null : overallWinner(names, deciding);
  const workloads = [...new Set(groups.map(({ workload }) => workload))];
  const sentences = [...workloads]
    .sort((x, y) => Number(y === main) - Number(x === main))
    .flatMap((workload) =>
      workloadSentences(headlinesOf(manifest.stacks, groups, workload), workload, comparisons),
    );
  const ranked = headlines.flatMap(({ groups }) => groups);
  return {
    status: failed.length > 0 ? 'INVALID' : allPinned(manifest) ? 'VALID' : 'VALID_UNPINNED',
    ...reasonFields(reasons(manifest, failed)),
    sentence: [
      headline(failed, winner, names, deciding, headlines),
      ...(sentences.length > 0 ? sentences : ['Nothing was measured.']),
      ...unequalWork(manifest),
    ]
      .filter((part) => part !== '')
      .join(' '),
    winner,
    ranking: rankStacks(orderedNames(ranked), comparisonsOf(ranked, comparisons)),
  };
}

const allPinned = (manifest: RunManifest): boolean =>
  manifest.pinned && measuredNames(manifest, 'uncontrolled').length === 0;

/** A sentence is quoted alone: who may not have done the same work is named in it. */
function unequalWork(manifest: RunManifest): string[] {
  const unchecked = measuredNames(manifest, 'unchecked');
  return unchecked.length === 0 ? [] : [`Answers of ${unchecked.join(', ')} were not checked.`];
}

function headline(
  failed: readonly Check[],
  winner: string | null,
  names: readonly string[],
  deciding: readonly Comparison[],
  headlines: readonly Headlines[],
): string {
  if (failed.length > 0) return 'INVALID, not to be relied on.';
  const outcome =
    winner !== null
      ? `${winner} wins`
      : names.length < 2
        ? ''
        : deciding.every(({ verdict }) => verdict === 'tie')
          ? 'A tie'
          : 'No single winner';
  if (outcome === '') return '';
  const [first, ...others] = headlines;
  return others.length === 0 ? `${outcome}.` : `${outcome} among ${first?.among.words}.`;
}

/** One sentence for each set of equal stacks, and a warning where there are several. */
function workloadSentences(
  headlines: readonly Headlines[],
  workload: string,
  comparisons: readonly Comparison[],
): string[] {
  const sentences = headlines.map(({ among, groups }) => {
    const where = headlines.length === 1 ? workload : `${workload} with ${among.words}`;
    const clauses = groups.map((group) => groupSentence(group, comparisonsOf([group], comparisons)));
    return `On ${where}, ${clauses.join('; ')}.`;
  });
  return headlines.length > 1 ? [...sentences, UNEQUAL] : sentences;
}

function comparisonsOf(groups: readonly LoadGroup[], comparisons: readonly Comparison[]): Comparison[] {
  const keys = new Set(groups.map(({ workload, load }) => `${workload}|${loadKey(load)}`));
  return comparisons.filter(({ workload, load }) => keys.has(`${workload}|${loadKey(load)}`));
}

const among = (names: readonly string[], comparisons: readonly Comparison[]): Comparison[] =>
  comparisons.filter(({ a, b }) => names.includes(a) && names.includes(b));

/** Stacks with a point that can be judged, by their figure at the last deciding load: the order inside a rank group. */
function orderedNames(groups: readonly LoadGroup[]): string[] {
  const measured = groups.flatMap(({ entries }) =>
    entries.filter(({ point }) => point.verdict.status !== 'INVALID'),
  );
  const names = [...new Set(measured.map(({ stack }) => stack))];
  const last = groups.at(-1);
  if (last === undefined) return names;
  const { stat, lowerIsBetter } = headlineMetric(last.load);
  const sign = lowerIsBetter ? 1 : -1;
  const value = new Map(last.entries.map(({ stack, point }) => [stack, stat(point).value]));
  const key = (name: string) => sign * (value.get(name) ?? sign * Number.MAX_VALUE);
  return names.sort((x, y) => key(x) - key(y));
}

function reasons(manifest: RunManifest, failed: readonly Check[]): Reason[] {
  return [
    ...groupById(failed).map(failedCheckGroupReason),
    ...(manifest.pinned ? [] : [UNPINNED]),
    ...stackCautions(manifest).map(cautionReason),
  ];
}
