import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@servelab/node';
import type { ImportedReport } from '../../imported/import-report.js';
import { pointsCsv } from '../points-csv.js';
import { reportJson } from '../report-json.js';
import { alignedTable } from '../text-tables.js';
import { importedMarkdown } from './imported-markdown.js';
import { importedPage } from './imported-page.js';
import { importedCells, verdictWord } from './imported-table.js';

/** Writes `report.json`, `report.md`, `report.html` and `points.csv`. The same files give the same bytes. */
export async function writeImported(imported: ImportedReport, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeAtomically(join(folder, 'points.csv'), pointsCsv(imported.report));
  await writeAtomically(join(folder, 'report.md'), importedMarkdown(imported));
  await writeAtomically(join(folder, 'report.html'), importedPage(imported));
  await writeAtomically(join(folder, 'report.json'), reportJson(imported.report));
}

/** Table and causes for a terminal. */
export function importedSummary(imported: ImportedReport): string {
  const { header, rows } = importedCells(imported);
  const tables = [alignedTable([header, ...rows], [0, 1, header.length - 1])];
  for (const { title, differences } of imported.explained) {
    const causes = differences.findings.map(({ cause, applies, evidence }) =>
      applies === false
        ? `  ${cause}: ${verdictWord(applies)}`
        : [`  ${cause}: ${verdictWord(applies)}`, ...evidence.map((words) => `    ${words}`)].join('\n'),
    );
    tables.push(
      [`Why do they differ (${title})`, ...differences.spread.map((words) => `  ${words}`), ...causes].join(
        '\n',
      ),
    );
  }
  return tables.join('\n\n');
}
