import type { Report } from '@servelab/core';
import { groupByLoad } from '../analyse/compare-stacks.js';
import { loadLabel } from '../text/load-label.js';
import { COLUMNS, type Column, errorWords, intervalWords, valueWords } from './point-table.js';
import { alignedTable } from './text-tables.js';

/** The figures that decide keep their interval; a terminal has no room for all of them. */
const DECISIVE = new Set(['Goodput', 'p95']);
const SHOWN: readonly Column[] = COLUMNS.filter(({ title }) => title !== 'Throughput');

/** The tables of a report in plain text, one a workload and load, for the end of a run. */
export function terminalSummary(report: Report): string {
  return groupByLoad(report.stacks)
    .map(({ workload, load, entries }) => {
      const header = [
        `${workload}, ${loadLabel(load)}`,
        ...SHOWN.map(({ title, unit }) => `${title} ${unit}`),
        'errors',
      ];
      const rows = entries.map(({ stack, point }) => [
        point.verdict.status === 'VALID' ? stack : `${stack} ${point.verdict.status}`,
        ...SHOWN.map(({ title, stat }) =>
          `${valueWords(stat(point))} ${DECISIVE.has(title) ? intervalWords(stat(point)) : ''}`.trim(),
        ),
        errorWords(point),
      ]);
      return alignedTable([header, ...rows]);
    })
    .join('\n\n');
}
