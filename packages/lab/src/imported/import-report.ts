import { createHash } from 'node:crypto';
import type { Check, Report, StackResult } from '@servelab/core';
import { groupById } from '../analyse/checks/check.js';
import { digits, listed } from '../text/figure-words.js';
import { loadKey, loadLabel } from '../text/load-label.js';
import { failedCheckGroupReason, type Reason, reasonFields } from '../text/reasons.js';
import { IMPORTED_WORKLOAD, importedChecks } from './imported-checks.js';
import { type ImportedLoad, perSecond, withSupportedTimes } from './imported-load.js';
import { importedPoint } from './imported-point.js';
import { type Differences, groupsToExplain, whyTheyDiffer } from './why-they-differ.js';

export interface ImportedReport {
  readonly report: Report;
  readonly loads: readonly ImportedLoad[];
  /** For each set of loads that should agree. */
  readonly explained: readonly Explained[];
}

interface Explained {
  readonly title: string;
  readonly differences: Differences;
}

/**
 * The report of loads that other tools have measured; a function of its arguments. It names no winner: there are no
 * repeats, and nothing about the client can be judged.
 */
export function importReport(told: readonly ImportedLoad[]): ImportedReport {
  const loads = told.map(withSupportedTimes);
  const judged = loads.map((load) => {
    const checks = load.point === null ? importedChecks(load) : [];
    return { load, checks, point: importedPoint(load, checks) };
  });
  const checks = judged.flatMap((one) => one.checks);
  const explained = groupsToExplain(loads).flatMap((group) => {
    const differences = whyTheyDiffer(group);
    return differences === null ? [] : [{ title: groupTitle(group), differences }];
  });
  const report: Report = {
    schema_version: 2,
    run_id: `imported-${digest(loads)}`,
    environment: {
      imported: loads.map(({ name, tool, files, client }) => ({ name, tool, files, client })),
      why_they_differ: explained,
    },
    verdict: verdictOf(
      judged.map(({ load, point }) => ({ load, status: point.verdict.status })),
      checks,
    ),
    checks,
    stacks: stacksOf(judged),
    comparisons: [],
    attribution: [],
  };
  return { report, loads, explained };
}

type Judged = { readonly load: ImportedLoad; readonly point: StackResult['points'][number] };

/** One stack for all loads that one tool put on it; a second of the same load is told apart by its files. */
function stacksOf(judged: readonly Judged[]): StackResult[] {
  const stacks = new Map<string, StackResult>();
  for (const { load, point } of judged) {
    const plain = `${load.name} by ${load.tool}`;
    const taken = stacks.get(plain)?.points.some((one) => loadKey(one.load) === loadKey(load.load)) === true;
    const name = taken ? `${plain} (${load.files[0] ?? ''})` : plain;
    const stack = stacks.get(name) ?? newStack(name, load);
    stack.points.push(point);
    stacks.set(name, stack);
  }
  return [...stacks.values()];
}

const newStack = (name: string, { checked }: ImportedLoad): StackResult => ({
  name,
  workload: IMPORTED_WORKLOAD,
  kind: 'other',
  framework: 'unknown',
  version: 'unknown',
  form: 'unknown',
  runtime: 'unknown',
  precision: 'unknown',
  policy: 'unknown',
  batching: { kind: 'unknown' },
  uncontrolled: true,
  ...(checked === 0 && { unchecked: true as const }),
  points: [],
});

function verdictOf(
  points: readonly { readonly load: ImportedLoad; readonly status: string }[],
  checks: readonly Check[],
): Report['verdict'] {
  const foreign = [...new Set(points.flatMap(({ load }) => (load.point === null ? [load.tool] : [])))];
  const failed = checks.filter(({ ok, value }) => !ok && value !== null);
  const own = points.filter(({ load, status }) => load.point !== null && status === 'INVALID');
  const figures = points.map(({ load }) => figureSentence(load)).join(' ');
  const isInvalid = foreign.length > 0 || own.length > 0;
  const reasons: Reason[] = [
    ...(foreign.length === 0 ? [] : [noRecords(foreign)]),
    ...groupById(failed).map(failedCheckGroupReason),
    ...points.filter(({ load }) => load.counts.ok === null).map(({ load }) => failuresUnknown(load)),
    ...own.map(({ load }) => invalidByItself(load)),
  ];
  return {
    status: isInvalid ? 'INVALID' : 'VALID_UNPINNED',
    ...reasonFields(reasons),
    sentence: [foreign.length > 0 ? 'Imported, so not judged.' : '', figures].filter(Boolean).join(' '),
    winner: null,
    ranking: [],
  };
}

const noRecords = (tools: readonly string[]): Reason => ({
  id: 'no-request-records',
  text: `not judged: files of ${listed(tools)} have no record of single requests, so late sends and missing requests cannot be detected`,
});

const failuresUnknown = ({ name, tool }: ImportedLoad): Reason => ({
  id: 'failures-unknown',
  text: `failures unknown: the files of ${name} by ${tool} do not count them`,
});

const invalidByItself = ({ name }: ImportedLoad): Reason => ({
  id: 'imported-invalid',
  text: `${name} by servelab is INVALID by its own checks`,
});

function figureSentence(told: ImportedLoad): string {
  const { name, tool, load, fromSend } = told;
  const rate = rateWords(told);
  const p95 = fromSend.p95 === null ? '' : `, p95 ${digits(fromSend.p95)} ms from the send`;
  return `${name} by ${tool} at ${loadLabel(load)}: ${rate}${p95}.`;
}

function rateWords({ counts, measuredS, throughputRps }: ImportedLoad): string {
  if (throughputRps !== null) return `${digits(throughputRps)} ok/s`;
  if (counts.ok !== null) return 'no throughput';
  const sentPerS = perSecond(counts.scheduled - counts.incomplete, measuredS);
  return `${sentPerS === null ? '' : `${digits(sentPerS)} req/s, `}failures unknown`;
}

/** Stack and load of a set, as far as they are the same for all of it. */
function groupTitle(group: readonly ImportedLoad[]): string {
  const names = [...new Set(group.map(({ name }) => name))];
  const labels = [...new Set(group.map(({ load }) => loadLabel(load)))];
  return `${listed(names)}, ${listed(labels)}`;
}

const digest = (loads: readonly ImportedLoad[]): string =>
  createHash('sha256').update(JSON.stringify(loads)).digest('hex').slice(0, 12);
