import { BAND_PCT, type LoadGroup } from '../analyse/compare-stacks.js';
import { checkFix, checkLimitText, checkTitle, checkValueText, scopeText } from '../text/checks.js';
import { figure } from '../text/figure-words.js';
import { loadLabel } from '../text/load-label.js';
import { ATTRIBUTION_NOTE, chainTitle } from './attribution-pictures.js';
import { type CapacityColumn, capacityColumn } from './capacity-column.js';
import { verdictWords } from './charts/forest.js';
import { speedupWords } from './charts/waterfall.js';
import { markdownCodeBlock, markdownLabel, markdownTable, markdownText } from './markdown-text.js';
import { allPictures, type DrawnWorkload } from './pictures.js';
import { COLUMNS, errorWords, intervalWords, valueWords } from './point-table.js';
import { banners, type RunView, type WorkloadView } from './run-view.js';
import { costWords, reasonWords, sizeWords } from './why-words.js';

/** The report for a terminal, a pull request or a wiki; pictures are files beside it. */
export function reportMarkdown(view: RunView, drawn: readonly DrawnWorkload[]): string {
  const { report, manifest } = view;
  const { verdict } = report;
  const sections = [
    `# ${verdict.status}: how to serve ${markdownText(manifest.model.name)}`,
    ...banners(view).map((line) => `> **${markdownText(line)}**`),
    `**${markdownText(verdict.sentence)}**`,
    ...verdict.reasons.map((reason) => `- ${markdownText(reason)}`),
    ...drawn.flatMap((one) => workloadSections(view, one)),
    ...trust(view),
    '## Repeat it',
    markdownCodeBlock(manifest.command),
    `Run ${markdownText(report.run_id)}, seed ${manifest.seed}, profile ${markdownText(manifest.profile)}, images ${markdownText(manifest.corpus.name)} (${manifest.corpus.images}). Every figure with its interval is in report.json and points.csv; what each means, in report.html.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function workloadSections(view: RunView, { workload, pictures }: DrawnWorkload): string[] {
  return [
    `## ${markdownText(workload.workload)}`,
    ...workload.groups.map((group) => mainTable(group, capacityColumn(workload.stacks))),
    ...comparisonTable(view, workload),
    ...allPictures(pictures).map(({ name, title }) => `![${markdownLabel(title)}](pictures/${name}.svg)`),
    ...attribution(workload),
    ...why(workload),
  ];
}

function mainTable({ load, entries }: LoadGroup, capacity: CapacityColumn | null): string {
  const header = [
    'stack',
    ...COLUMNS.map(({ title, unit }) => `${title}, ${unit}`),
    'errors',
    ...(capacity === null ? [] : [capacity.title]),
    'verdict',
  ];
  const rows = entries.map(({ stack, point }) => [
    stack,
    ...COLUMNS.map(({ stat }) =>
      `${valueWords(stat(point))} ${bracketed(intervalWords(stat(point)))}`.trim(),
    ),
    errorWords(point),
    ...(capacity === null ? [] : [capacity.words(stack)]),
    point.verdict.status,
  ]);
  return `At ${markdownText(loadLabel(load))}:\n\n${markdownTable(header, rows)}`;
}

function comparisonTable({ report }: RunView, { workload }: WorkloadView): string[] {
  const rows = report.comparisons
    .filter((comparison) => comparison.workload === workload)
    .map((comparison) => [
      loadLabel(comparison.load),
      comparison.metric,
      `${comparison.a} vs ${comparison.b}`,
      comparison.difference_pct.value === null ? '–' : figure(comparison.difference_pct, '%'),
      verdictWords(comparison),
    ]);
  if (rows.length === 0) return [];
  return [
    `Differences, paired by repeat, with 95 % intervals; inside +-${BAND_PCT} % is a tie:`,
    markdownTable(['load', 'figure', 'pair', 'difference', 'verdict'], rows),
  ];
}

function attribution({ chains }: WorkloadView): string[] {
  if (chains.length === 0) return [];
  const tables = chains.map((chain) => {
    const rows = chain.steps.map(({ factor, change, from, to, speedup }) => [
      `${factor}: ${change}`,
      from,
      to,
      speedupWords(speedup),
    ]);
    return `${markdownText(chainTitle(chain))}:\n\n${markdownTable(['factor', 'from', 'to', 'speed-up'], rows)}`;
  });
  return ['### What the difference is made of', ATTRIBUTION_NOTE, ...tables];
}

function why({ stacks, headlines }: WorkloadView): string[] {
  const lines = stacks.flatMap((stack) => {
    const cost = costWords(stack);
    const fired = headlines.flatMap(({ load, entries }) => {
      const point = entries.find((entry) => entry.stack === stack.name)?.point;
      const said =
        point === undefined ? [] : [sizeWords(point), reasonWords(point)].filter((words) => words !== null);
      return said.length === 0 ? [] : [`  - at ${markdownText(`${loadLabel(load)}: ${said.join('. ')}`)}`];
    });
    return cost === null && fired.length === 0
      ? []
      : [`- **${markdownText(stack.name)}**: ${markdownText(cost ?? 'one batch size only')}`, ...fired];
  });
  return lines.length === 0 ? [] : ['### Why', lines.join('\n')];
}

function trust({ report }: RunView): string[] {
  const failed = report.checks.filter(({ ok }) => !ok);
  const passed = report.checks.length - failed.length;
  const lines = failed.map((check) => [
    scopeText(check.where),
    checkTitle(check),
    checkValueText(check),
    checkLimitText(check),
    checkFix(check),
  ]);
  return [
    '## Trust',
    `${passed} of ${report.checks.length} checks passed.`,
    ...(lines.length === 0 ? [] : [markdownTable(['where', 'check', 'value', 'limit', 'what to do'], lines)]),
  ];
}

const bracketed = (words: string): string => (words === '' ? '' : `[${words}]`);
