import type { Check, Point, Stat } from '@servelab/core';
import type { ImportedReport } from '../../imported/import-report.js';
import { loadLabel } from '../../text/load-label.js';
import { errorWords, valueWords } from '../point-table.js';

interface ImportedColumn {
  readonly title: string;
  /** Entry of the glossary that defines it. */
  readonly definition: string;
  stat(point: Point): Stat;
}

/** The tools time from the send, so that is what is shown of them; the schedule's mean stands beside it. */
export const IMPORTED_COLUMNS: readonly ImportedColumn[] = [
  { title: 'ok/s', definition: 'throughput', stat: (point) => point.throughput_rps },
  { title: 'mean, ms', definition: 'service', stat: (point) => point.service_ms.mean },
  { title: 'p50, ms', definition: 'service', stat: (point) => point.service_ms.p50 },
  { title: 'p95, ms', definition: 'service', stat: (point) => point.service_ms.p95 },
  { title: 'p99, ms', definition: 'service', stat: (point) => point.service_ms.p99 },
  { title: 'max, ms', definition: 'service', stat: (point) => point.service_ms.max },
  { title: 'mean from the schedule, ms', definition: 'latency', stat: (point) => point.latency_ms.mean },
  { title: 'p95 from the schedule, ms', definition: 'latency', stat: (point) => point.latency_ms.p95 },
];

export interface ImportedRow {
  readonly stack: string;
  readonly load: string;
  readonly point: Point;
}

export function importedRows({ report }: ImportedReport): ImportedRow[] {
  return report.stacks.flatMap(({ name, points }) =>
    points.map((point) => ({ stack: name, load: loadLabel(point.load), point })),
  );
}

/** Header and cells in plain words, for Markdown and the terminal. */
export function importedCells(imported: ImportedReport): { header: string[]; rows: string[][] } {
  return {
    header: [
      'measured',
      'load',
      ...IMPORTED_COLUMNS.map(({ title }) => title),
      'requests',
      'errors',
      'verdict',
    ],
    rows: importedRows(imported).map(({ stack, load, point }) => [
      stack,
      load,
      ...IMPORTED_COLUMNS.map(({ stat }) => valueWords(stat(point))),
      String(point.counts.scheduled),
      errorWords(point),
      point.verdict.status,
    ]),
  };
}

/** Stands below every table of imported figures. */
export const IMPORTED_NOTE =
  'Times are from the send unless the column says otherwise; a dash is a figure that the files do not have, or have too few requests for. One measurement each, so no intervals.';

export const verdictWord = (applies: boolean | null): string =>
  applies === null ? 'the files do not say' : applies ? 'applies' : 'does not apply';

export const outcomeText = ({ ok, value }: Pick<Check, 'ok' | 'value'>): string =>
  ok ? 'passed' : value === null ? 'not judged' : 'failed';
