import { type Point, type Report, type Stat, visibleLine } from '@servelab/core';

const FIGURES: readonly (readonly [column: string, stat: (point: Point) => Stat])[] = [
  ['throughput_rps', (point) => point.throughput_rps],
  ['goodput_rps', (point) => point.goodput_rps],
  ['latency_mean_ms', (point) => point.latency_ms.mean],
  ['latency_p50_ms', (point) => point.latency_ms.p50],
  ['latency_p90_ms', (point) => point.latency_ms.p90],
  ['latency_p95_ms', (point) => point.latency_ms.p95],
  ['latency_p99_ms', (point) => point.latency_ms.p99],
  ['service_p50_ms', (point) => point.service_ms.p50],
  ['cpu_s_per_1000', (point) => point.cpu_s_per_1000],
];

/** One line a point; each figure with the ends of its interval; empty where the samples do not support it. */
export function pointsCsv(report: Report): string {
  const header = [
    ...['workload', 'stack', 'mode', 'concurrency', 'rate_rps', 'arrivals', 'status', 'samples'],
    ...[
      'scheduled',
      'ok',
      'wrong',
      'rejected',
      'failed',
      'timed_out',
      'incomplete',
      'batch_size_mean',
      'rss_mb',
    ],
    ...FIGURES.flatMap(([column]) => [column, `${column}_low`, `${column}_high`]),
  ];
  const rows = report.stacks.flatMap(({ name, workload, points }) =>
    points.map((point) => [
      ...[workload, name, point.load.mode, point.load.concurrency, point.load.rate_rps, point.load.arrivals],
      ...[point.verdict.status, point.samples, ...Object.values(point.counts)],
      ...[point.batch_size.mean, point.rss_mb],
      ...FIGURES.flatMap(([, stat]) => [stat(point).value, ...(stat(point).ci95 ?? [null, null])]),
    ]),
  );
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** A spreadsheet would calculate a name that begins so; with an apostrophe before it, it is text (OWASP). */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  const text = visibleLine(FORMULA.test(value) ? `'${value}` : value);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
