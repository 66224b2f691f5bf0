import { markdownCode, markdownTable, markdownText } from '../report/markdown-text.js';
import { alignedTable } from '../report/text-tables.js';
import { digits, figure } from '../text/figure-words.js';
import { loadLabel } from '../text/load-label.js';
import type { RunComparison, RunComparisonRow, RunVerdict, UnmatchedPoint } from './compare-runs.js';
import type { UnlikePart } from './fingerprints.js';

/** Everything that there is to say about a comparison. */
export interface ComparisonAccount {
  readonly before: string;
  readonly after: string;
  readonly maxRegressionPct: number;
  readonly comparison: RunComparison;
  /** Conditions that differ, where the comparison was asked for all the same. */
  readonly unlike: readonly UnlikePart[];
  /** True where the second run may lack what the first one has. */
  readonly allowMissing: boolean;
}

/** Whether the second run may stand in place of the first: what the exit code says. */
export const passes = ({ comparison: { rows, gone }, allowMissing }: ComparisonAccount): boolean =>
  rows.every(({ verdict }) => verdict !== 'regression') && (allowMissing || gone.length === 0);

/** `servelab:greedy is gone`, `servelab:none at 60 req/s is gone`. */
export const goneWords = (point: UnmatchedPoint): string => `${pointWords(point)} is gone`;

const pointWords = ({ workload, stack, load }: UnmatchedPoint): string =>
  `${stack}${load === null ? '' : ` at ${loadLabel(load)}`} (${workload})`;

/** What one of the runs lacks, and what that means. */
function unmatchedNotes({ comparison: { gone, added }, allowMissing }: ComparisonAccount): string[] {
  const notes = [
    ...gone.map((point) => `${goneWords(point)}${allowMissing ? ', which was allowed' : ''}`),
    ...added.map((point) => `${pointWords(point)} is only in the second run`),
  ];
  if (gone.length === 0 || allowMissing) return notes;
  return [
    ...notes,
    'accept that with --allow-missing; where only open rates differ, measure both runs with the same --rates',
  ];
}

const HEADER = ['workload', 'stack', 'load', 'figure', 'before', 'after', 'difference', 'verdict'];
/** Columns of words, not of figures. */
const WORDS = [0, 1, 2, 3, 7];

export function comparisonText(account: ComparisonAccount): string {
  const { comparison, unlike } = account;
  return [
    alignedTable([HEADER, ...comparison.rows.map(cells)], WORDS),
    '',
    ...unlike.map(({ part, before, after }) => `note: ${part} differs: ${before} before, ${after} after`),
    ...unmatchedNotes(account).map((words) => `note: ${words}`),
    comparisonSentence(account),
  ].join('\n');
}

/** For a comment on a pull request. */
export function comparisonMarkdown(account: ComparisonAccount): string {
  const { before, after, comparison, unlike, maxRegressionPct } = account;
  const notes = [
    ...unlike.map((one) => `${one.part} differs: ${one.before} before, ${one.after} after`),
    ...unmatchedNotes(account),
  ];
  return [
    `**${markdownText(comparisonSentence(account))}**`,
    ...(unlike.length === 0
      ? []
      : ['> The two runs were not made under the same conditions: part of a difference may be theirs.']),
    markdownTable(HEADER, comparison.rows.map(cells)),
    ...(notes.length === 0 ? [] : [notes.map((words) => `- ${markdownText(words)}`).join('\n')]),
    `Before: ${markdownCode(before)}; after: ${markdownCode(after)}. Welch's t over the repeats, log scale, 95 % intervals, Holm's correction over all rows; differences up to ${digits(maxRegressionPct)} % do not count.`,
  ].join('\n\n');
}

/** What the exit code says, in words. */
function comparisonSentence(account: ComparisonAccount): string {
  const { comparison, maxRegressionPct, allowMissing } = account;
  const { rows, gone } = comparison;
  const count = (verdict: RunVerdict) => rows.filter((row) => row.verdict === verdict).length;
  const [worse, better, same, open] = [
    count('regression'),
    count('improvement'),
    count('same'),
    count('unresolved'),
  ];
  const rest = [
    ...(better > 0 ? [`${better} better`] : []),
    ...(same > 0 ? [`${same} the same`] : []),
    ...(open > 0 ? [`${open} not decided`] : []),
  ];
  const figures = rows.length === 1 ? '1 figure' : `${rows.length} figures`;
  const head =
    worse > 0
      ? `regression: ${worse} of ${figures} worse by more than ${digits(maxRegressionPct)} %`
      : `no regression above ${digits(maxRegressionPct)} % in ${figures}`;
  const lacking =
    gone.length === 0 || allowMissing
      ? []
      : [gone.length === 1 ? gone.map(goneWords).join() : `${gone.length} stacks or loads are gone`];
  return [...lacking, head, ...rest].join(', ');
}

function cells({
  workload,
  stack,
  load,
  metric,
  before,
  after,
  difference,
  verdict,
  note,
}: RunComparisonRow) {
  const value = (stat: typeof before) => (stat.value === null ? '–' : `${digits(stat.value)} ${metric.unit}`);
  return [
    workload,
    stack,
    loadLabel(load),
    metric.name,
    value(before),
    value(after),
    difference.differencePct.value === null ? '–' : figure(difference.differencePct, '%'),
    note === undefined ? WORDS_OF[verdict] : `${WORDS_OF[verdict]}: ${note}`,
  ];
}

const WORDS_OF: Readonly<Record<RunVerdict, string>> = {
  regression: 'WORSE',
  improvement: 'better',
  same: 'same',
  unresolved: 'not decided',
};
