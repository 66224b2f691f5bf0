import type { MeasuredPoint, Stat } from '@servelab/core';
import { markdownText } from '@servelab/lab';
import { errorLines } from '../load/error-rows.js';

/** One row of the seeds' table: a service at one level. */
export interface LoadTestRow {
  readonly service: string;
  readonly concurrency: number;
  readonly point: MeasuredPoint;
}

export interface LoadTestHeader {
  readonly startedAt: Date;
  readonly durationS: number;
  readonly images: string;
  /** Stacks that were looked for and do not answer, with their ports. */
  readonly down: readonly string[];
}

/** `tmp/loadtest_report.md`: the seeds' summary (RPS, p50, p95, p99, error rate, total) from the lab's engine. */
export function loadTestReport(header: LoadTestHeader, rows: readonly LoadTestRow[]): string {
  return [
    '# Load test',
    '',
    `${header.startedAt.toISOString()}, ${header.durationS} s a level after a warm-up, closed loop, ${header.images}.`,
    ...(header.down.length > 0 ? ['', `Not running, so not tested: ${header.down.join(', ')}.`] : []),
    '',
    '| Service | Concurrency | RPS | p50 ms | p95 ms | p99 ms | Error rate | Total |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(tableRow),
    '',
    ...notOk(rows),
    'Latency runs from the moment a request was due. A percentile without enough samples is left out ("-").',
    'One run of each level, so no intervals: to choose a way of serving, use `make bench`.',
    '',
  ].join('\n');
}

/** Why requests were not ok; nothing where all were. */
function notOk(rows: readonly LoadTestRow[]): string[] {
  const lines = rows.flatMap(({ service, concurrency, point }) =>
    errorLines(`${service}, ${concurrency} at a time`, point),
  );
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${inlineCode(line)}`), ''];
}

/** Words of a server, which Markdown must not obey. */
const inlineCode = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

/** One line of the table; also what the terminal shows when a level is done. */
export function tableRow({ service, concurrency, point }: LoadTestRow): string {
  const { scheduled, ok } = point.counts;
  const errorRate = scheduled === 0 ? '-' : `${((100 * (scheduled - ok)) / scheduled).toFixed(2)} %`;
  const { p50, p95, p99 } = point.latency_ms;
  const cells = [
    markdownText(service),
    concurrency,
    figure(point.throughput_rps, 2),
    ...[p50, p95, p99].map((stat) => figure(stat, 1)),
    errorRate,
    scheduled,
  ];
  return `| ${cells.join(' | ')} |`;
}

function figure({ value, censored }: Stat, digits: number): string {
  return value === null ? '-' : `${censored ? '>= ' : ''}${value.toFixed(digits)}`;
}
