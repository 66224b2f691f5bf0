import type { ImportedReport } from '../../imported/import-report.js';
import { checkFix, checkLimitText, checkTitle, checkValueText, scopeText } from '../../text/checks.js';
import { type Styles, seriesStyles } from '../charts/series-style.js';
import { statRows } from '../charts/stat-rows.js';
import { escapeText, node } from '../charts/svg.js';
import { glossaryMarkup } from '../html/glossary.js';
import {
  definitionLink,
  figureMarkup,
  type Panel,
  paragraph,
  pointWords,
  statMarkup,
  statusPill,
  tableMarkup,
} from '../html/markup.js';
import { pageShell } from '../html/page-shell.js';
import { errorWords } from '../point-table.js';
import {
  IMPORTED_COLUMNS,
  IMPORTED_NOTE,
  type ImportedRow,
  importedRows,
  outcomeText,
  verdictWord,
} from './imported-table.js';

/** `report.html` of what other tools have measured: the same page with the panels that their files can fill. */
export function importedPage(imported: ImportedReport): string {
  const { report } = imported;
  const styles = seriesStyles(report.stacks.map(({ name }) => name));
  const panels: Panel[] = [
    figuresPanel(imported, styles),
    whyPanel(imported),
    trustPanel(imported),
    { id: 'glossary', title: 'What the figures mean', body: glossaryMarkup() },
  ].filter(({ body }) => body !== '');
  return pageShell({
    title: `servelab: ${report.verdict.status}, ${report.run_id}`,
    runId: report.run_id,
    banners: [],
    verdict: verdictMarkup(imported),
    panels,
    footer:
      'Made by servelab from the files of other tools; <code>servelab report import</code> makes it again.',
  });
}

function verdictMarkup({ report, loads }: ImportedReport): string {
  const { status, sentence, reasons } = report.verdict;
  const tone = status === 'INVALID' ? 'bad' : 'warn';
  const files = loads.map(({ name, tool, files }) => `${name} by ${tool}: ${files.join(', ')}`);
  return node(
    'section',
    { id: 'verdict', class: 'verdict', style: `--tone:var(--${tone})`, 'aria-labelledby': 'verdict-h' },
    statusPill(status),
    node('h1', { id: 'verdict-h' }, escapeText(sentence.split('. ')[0] ?? sentence)),
    node(
      'ul',
      { class: 'plain' },
      ...[...reasons, ...files].map((words) => node('li', {}, escapeText(words))),
    ),
  );
}

function figuresPanel(imported: ImportedReport, styles: Styles): Panel {
  const found = importedRows(imported);
  const header = [
    'Measured',
    'Load',
    ...IMPORTED_COLUMNS.map(({ title, definition }) => definitionLink(definition, title)),
    'Requests',
    definitionLink('errors', 'Errors'),
  ];
  const rows = found.map(({ stack, load, point }) => [
    node('span', { class: `swatch ${styles(stack).colour}` }, '') + escapeText(stack),
    escapeText(load),
    ...IMPORTED_COLUMNS.map(({ stat, definition }) =>
      statMarkup(stat(point), definition, point.repeats.length),
    ),
    String(point.counts.scheduled),
    escapeText(errorWords(point)),
  ]);
  const caption = 'Figures of the imported files';
  const restOn = found.map(({ point }) => pointWords(point));
  const table = tableMarkup({ caption, header, rows, restOn, wordColumns: 2 });
  const stackOf = new Map(found.map((one) => [rowName(one), one.stack]));
  const picture = statRows(
    {
      name: 'imported-times',
      title: 'Time of a request from the send',
      xTitle: 'ms',
      unit: 'ms',
      rows: found.map((one) => ({
        stack: rowName(one),
        saturated: false,
        stats: [
          { label: 'p50', stat: one.point.service_ms.p50, emphasised: false },
          { label: 'p95', stat: one.point.service_ms.p95, emphasised: true },
          { label: 'p99', stat: one.point.service_ms.p99, emphasised: false },
        ],
      })),
    },
    (name) => styles(stackOf.get(name) ?? name),
  );
  return {
    id: 'figures',
    title: 'Figures',
    body: paragraph(IMPORTED_NOTE, 'note') + table + figureMarkup(picture, ''),
  };
}

const rowName = ({ stack, load }: ImportedRow): string => `${stack}, ${load}`;

function whyPanel({ explained }: ImportedReport): Panel {
  const body = explained.map(({ title, differences: { spread, findings } }) => {
    const rows = findings.map(({ cause, applies, evidence }) => [
      escapeText(cause),
      node(
        'span',
        { class: applies === true ? 'bad' : applies === false ? 'good' : undefined },
        verdictWord(applies),
      ),
      node('ul', { class: 'plain' }, ...evidence.map((words) => node('li', {}, escapeText(words)))),
    ]);
    const table = tableMarkup({
      caption: `Causes of differences, ${title}`,
      header: ['Cause', 'Here', 'Evidence'],
      rows,
      wordColumns: 3,
    });
    const apart = node('ul', { class: 'plain' }, ...spread.map((words) => node('li', {}, escapeText(words))));
    return node('h3', {}, escapeText(title)) + apart + table;
  });
  return { id: 'why', title: 'Why do they differ', body: body.join('') };
}

function trustPanel({ report }: ImportedReport): Panel {
  if (report.checks.length === 0) return { id: 'trust', title: 'Trust', body: '' };
  const rows = report.checks.map((check) => [
    escapeText(checkTitle(check)) + (check.ok ? '' : node('small', {}, escapeText(checkFix(check)))),
    escapeText(scopeText(check.where)),
    escapeText(checkValueText(check)),
    escapeText(checkLimitText(check)),
    node('span', { class: check.ok ? 'good' : 'bad' }, outcomeText(check)),
  ]);
  const note =
    'The checks of the lab. Aggregated figures do not say when a single request was due, sent and answered: what cannot be judged counts as failed.';
  const header = ['Check', 'Where', 'Value', 'Limit', 'Outcome'];
  const table = tableMarkup({ caption: 'Checks of the measurement', header, rows, wordColumns: 2 });
  return { id: 'trust', title: 'Trust', body: paragraph(note, 'note') + table };
}
