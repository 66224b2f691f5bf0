// Figures and tables of docs/results.md.

/** Three digits, whole numbers above a hundred. */
export const figure = (value) => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

/** `112 (110 to 114)`; a dash where the samples do not support a value. */
export function stat({ value, ci95 }) {
  if (value === null) return '–';
  return ci95 === null ? figure(value) : `${figure(value)} (${figure(ci95[0])} to ${figure(ci95[1])})`;
}

export function table(heads, rows, words = 1) {
  const rule = heads.map((_, column) => (column < words ? '---' : '---:'));
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const status = ({ verdict }) => (verdict.status === 'VALID' ? '' : ` ${verdict.status}`);

export function closedTable(points) {
  const rows = [...points]
    .sort(([, x], [, y]) => (y.goodput_rps.value ?? 0) - (x.goodput_rps.value ?? 0))
    .map(([name, point]) => [
      `\`${name}\`${status(point)}`,
      ...[point.goodput_rps, point.latency_ms.p50, point.latency_ms.p95, point.cpu_s_per_1000].map(stat),
    ]);
  return table(['stack', 'goodput, req/s', 'p50, ms', 'p95, ms', 'CPU s per 1,000'], rows);
}

export function openTable(points) {
  const last = Number.POSITIVE_INFINITY;
  const rows = [...points]
    .sort(([, x], [, y]) => (x.latency_ms.p50.value ?? last) - (y.latency_ms.p50.value ?? last))
    .map(([name, point]) => [
      `\`${name}\`${status(point)}`,
      ...[point.latency_ms.p50, point.latency_ms.p95, point.latency_ms.p99, point.cpu_s_per_1000].map(stat),
    ]);
  return table(['stack', 'p50, ms', 'p95, ms', 'p99, ms', 'CPU s per 1,000'], rows);
}
