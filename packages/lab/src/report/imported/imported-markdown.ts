import type { ImportedReport } from '../../imported/import-report.js';
import { checkFix, checkLimitText, checkTitle, checkValueText, scopeText } from '../../text/checks.js';
import { markdownTable, markdownText } from '../markdown-text.js';
import { IMPORTED_NOTE, importedCells, outcomeText, verdictWord } from './imported-table.js';

/** `report.md` of what other tools have measured. */
export function importedMarkdown(imported: ImportedReport): string {
  const { report, loads } = imported;
  const { verdict, checks } = report;
  const { header, rows } = importedCells(imported);
  const sections = [
    `# ${verdict.status}: loads that other tools have measured`,
    `**${markdownText(verdict.sentence)}**`,
    ...verdict.reasons.map((reason) => `- ${markdownText(reason)}`),
    '## Figures',
    markdownTable(header, rows),
    IMPORTED_NOTE,
    ...whySections(imported),
    '## Trust',
    `${checks.filter(({ ok }) => ok).length} of ${checks.length} checks passed; a value of "not measured" is one that these files do not allow.`,
    ...(checks.length === 0 ? [] : [checkTable(imported)]),
    '## Files',
    ...loads.map(({ name, tool, files }) => `- ${markdownText(`${name} by ${tool}: ${files.join(', ')}`)}`),
  ];
  return `${sections.join('\n\n')}\n`;
}

function whySections({ explained }: ImportedReport): string[] {
  if (explained.length === 0) return [];
  const parts = explained.flatMap(({ title, differences }) => [
    `### ${markdownText(title)}`,
    differences.spread.map((words) => `- ${markdownText(words)}`).join('\n'),
    ...differences.findings.map(({ cause, applies, evidence }) =>
      [
        `- **${markdownText(cause)}**: ${verdictWord(applies)}`,
        ...evidence.map((words) => `  - ${markdownText(words)}`),
      ].join('\n'),
    ),
  ]);
  return ['## Why do they differ', ...parts.filter((part) => part !== '')];
}

function checkTable({ report }: ImportedReport): string {
  const rows = report.checks.map((check) => [
    scopeText(check.where),
    checkTitle(check),
    checkValueText(check),
    checkLimitText(check),
    outcomeText(check),
    checkFix(check),
  ]);
  return markdownTable(['where', 'check', 'value', 'limit', 'outcome', 'what to do'], rows);
}
