import type { ImportedReport } from '../../imported/import-report.js';
import { gateWords } from '../../text/figure-words.js';
import { markdownTable, markdownText } from '../markdown-text.js';
import { IMPORTED_NOTE, importedCells, verdictWord } from './imported-table.js';

/** `report.md` of what other tools have measured. */
export function importedMarkdown(imported: ImportedReport): string {
  const { report, loads } = imported;
  const { verdict, gates } = report;
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
    `${gates.filter(({ ok }) => ok).length} of ${gates.length} checks passed; a value of "not measured" is one that these files do not allow.`,
    ...(gates.length === 0 ? [] : [gateTable(imported)]),
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

function gateTable({ report }: ImportedReport): string {
  const rows = report.gates.map(({ where, rule, value, limit, ok, fix }) => [
    where,
    rule,
    gateWords(value),
    gateWords(limit),
    ok ? 'kept' : value === null ? 'not judged' : 'broken',
    fix ?? '',
  ]);
  return markdownTable(['where', 'rule', 'value', 'limit', 'outcome', 'what to do'], rows);
}
