import type { Comparison, Stat } from '@servelab/core';
import { digits, figure, listed } from '../text/figure-words.js';
import { loadLabel } from '../text/load-label.js';
import { BAND_PCT, type LoadGroup, sustains } from './compare-stacks.js';
import { headlineMetric } from './headline-metric.js';
import { beats } from './rank-stacks.js';

/** Who wins at one load, by how much and how sure; or that it is a tie, or not decided. */
export function groupSentence(group: LoadGroup, comparisons: readonly Comparison[]): string {
  const at = `at ${loadLabel(group.load)}`;
  const usable = group.entries.filter(({ point }) => point.verdict.status === 'VALID' && sustains(point));
  const [only, ...others] = usable;
  if (only === undefined) return `${at} no stack ${loneMerit(group)}`;
  if (group.entries.length === 1) return `${at} ${only.stack} has a ${headlineOf(group, only)}`;
  const beaten = (name: string) =>
    group.entries.some(({ stack }) => comparisons.some((c) => beats(c, stack, name)));
  const leaders = usable.filter(({ stack }) => !beaten(stack)).map(({ stack }) => stack);
  const [leader] = leaders;
  if (others.length === 0)
    return `${at} only ${only.stack} ${loneMerit(group)}, with a ${headlineOf(group, only)}`;
  if (leader === undefined) return `${at} the comparisons contradict each other`;
  const rivals = group.entries.map(({ stack }) => stack).filter((stack) => stack !== leader);
  const beatsAll = rivals.every((stack) => comparisons.some((c) => beats(c, leader, stack)));
  if (beatsAll) return `${at} ${winnerClause(group, leader, comparisons)}`;
  const open = leaders.length > 1 ? leaders : [leader, ...rivals.filter((stack) => !beaten(stack))];
  return `${at} ${drawClause(group, open.length > 1 ? open : usable.map(({ stack }) => stack), comparisons)}`;
}

type Entry = LoadGroup['entries'][number];

/** What those that do not count lack: an invalid measurement says nothing against a stack, a saturated one does. */
function loneMerit({ entries }: LoadGroup): string {
  return entries.some(({ point }) => point.verdict.status === 'INVALID')
    ? 'has a valid measurement'
    : 'sustains it';
}

function headlineOf({ load }: LoadGroup, { point }: Entry): string {
  const metric = headlineMetric(load);
  return `${metric.words} of ${figure(metric.stat(point), metric.unit)}`;
}

function winnerClause(group: LoadGroup, leader: string, comparisons: readonly Comparison[]): string {
  const metric = headlineMetric(group.load);
  const entry = group.entries.find(({ stack }) => stack === leader);
  const verb = metric.lowerIsBetter ? 'answers fastest' : 'gets the most done';
  const said = entry === undefined ? '' : `: ${headlineOf(group, entry)}`;
  const runnerUp = byValue(group).find(({ stack }) => stack !== leader);
  const difference = runnerUp === undefined ? null : differenceFrom(leader, runnerUp.stack, comparisons);
  if (runnerUp === undefined || difference === null || difference.value === null) {
    return `${leader} ${verb}${said}; the others do not sustain it`;
  }
  const direction = difference.value < 0 ? 'below' : 'above';
  return `${leader} ${verb}${said}, ${magnitude(difference)} ${direction} ${runnerUp.stack}`;
}

function drawClause(group: LoadGroup, names: readonly string[], comparisons: readonly Comparison[]): string {
  const metric = headlineMetric(group.load);
  const among = comparisons.filter(({ a, b }) => names.includes(a) && names.includes(b));
  const tie = among.every(({ verdict }) => verdict === 'tie');
  const values = byValue(group)
    .filter(({ stack }) => names.includes(stack))
    .map(({ stack, point }) => `${stack} ${digits(metric.stat(point).value ?? Number.NaN)} ${metric.unit}`);
  const [first] = among;
  const [, ...more] = among;
  const difference =
    first !== undefined && more.length === 0 ? `; difference ${figure(first.difference_pct, '%')}` : '';
  return tie
    ? `${listed(names)} tie on ${metric.words} (${listed(values)}${difference}, inside the ${BAND_PCT} % band)`
    : `${listed(names)} cannot be told apart on ${metric.words} (${listed(values)}${difference})`;
}

function byValue({ load, entries }: LoadGroup): Entry[] {
  const { stat, lowerIsBetter } = headlineMetric(load);
  const worst = lowerIsBetter ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const key = ({ point }: Entry) => (point.verdict.status === 'VALID' ? (stat(point).value ?? worst) : worst);
  return [...entries].sort((x, y) => (lowerIsBetter ? key(x) - key(y) : key(y) - key(x)) || 0);
}

/** (leader - other) / other in per cent, whichever way round it was compared. */
function differenceFrom(leader: string, other: string, comparisons: readonly Comparison[]): Stat | null {
  for (const { a, b, difference_pct } of comparisons) {
    if (a === leader && b === other) return difference_pct;
    if (a === other && b === leader) return inverted(difference_pct);
  }
  return null;
}

/** The same difference seen from the other stack: ratios invert, per cents do not simply change sign. */
function inverted(stat: Stat): Stat {
  const invert = (pct: number) => 100 * (1 / (1 + pct / 100) - 1);
  return {
    ...stat,
    value: stat.value === null ? null : invert(stat.value),
    ci95: stat.ci95 === null ? null : [invert(stat.ci95[1]), invert(stat.ci95[0])],
  };
}

/** `41 % [38, 44]`, without signs: the words around it say which way. */
function magnitude({ value, ci95 }: Stat): string {
  const [low, high] = (ci95 ?? []).map(Math.abs).sort((x, y) => x - y);
  const interval = low === undefined || high === undefined ? '' : ` [${digits(low)}, ${digits(high)}]`;
  return `${digits(Math.abs(value ?? 0))} %${interval}`;
}
