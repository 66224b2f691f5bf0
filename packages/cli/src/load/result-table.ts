import type { LatencyStats, Point } from '@servelab/core';
import { type LoadPlan, type LoadResult, loadLabel } from '@servelab/lab';
import { errorRows } from './error-rows.js';
import { phaseRows } from './phase-rows.js';
import { statWords } from './stat-words.js';
import { windowTable } from './window-table.js';

/** The result for a person: what was sent, what came back, how long it took, whether to believe it. */
export function resultTable({ url, images }: LoadPlan, point: Point, result: LoadResult): string {
  const { counts, utilisation, connectionsOpened } = result;
  const { load, latency_ms, service_ms, verdict } = point;
  const outcomes = Object.entries(counts)
    .filter(([name, times]) => times > 0 || name === 'ok')
    .map(([name, times]) => `${name.replace('_', ' ')} ${times}`);
  const rows: [string, string][] = [
    ['target', targetWords(url, point)],
    ['load', shapeWords(load)],
    ['requests', outcomes.join(', ')],
    ['throughput', `${statWords(point.throughput_rps)} ok/s`],
    ['', HEADS.map((head) => head.padStart(WIDTH)).join('')],
    ['latency ms', `${latencyRow(latency_ms)}  from the scheduled moment`],
    ['service ms', `${latencyRow(service_ms)}  from the send`],
    ...phaseRows(point.phases_ms, WIDTH),
    ['client', `busy ${(utilisation * 100).toFixed(0)} %, ${connectionsOpened} connections opened`],
    ...repeatedRow(point),
    ['verdict', verdict.status],
    ...verdict.reasons.map((reason): [string, string] => ['', reason]),
    ...errorRows(
      point,
      images.map(({ path }) => path),
    ),
  ];
  const notes = hasNull(latency_ms) ? ['-: too few requests for this percentile.'] : [];
  const windows = windowTable(point);
  const parts = [...rows.map(([name, value]) => `${name.padEnd(12)}${value}`), ...notes];
  return [...parts, ...(windows === '' ? [] : ['', windows])].join('\n');
}

/** Whoever reads a result must see that it may be somebody else's. */
export const targetWords = (url: string, { insecure }: Pick<Point, 'insecure'>): string =>
  insecure === true ? `${url} (INSECURE: the certificate was not checked)` : url;

const repeatedRow = ({ repeated }: Point): [string, string][] =>
  repeated === undefined
    ? []
    : [['', `${repeated} requests sent again: the server ended their connection as they were written`]];

function shapeWords(load: Point['load']): string {
  if (load.mode === 'closed') return `closed loop, ${load.concurrency} users`;
  if (load.profile?.shape === 'replay') return `open loop, ${loadLabel(load)}`;
  const rate = load.profile === undefined ? `${load.rate_rps} requests/s` : loadLabel(load);
  return `open loop, ${rate}, ${load.arrivals}`;
}

const HEADS = ['mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];
const WIDTH = 9;

function latencyRow({ mean, p50, p90, p95, p99, p99_9, max }: LatencyStats): string {
  return [mean, p50, p90, p95, p99, p99_9, max].map((stat) => statWords(stat).padStart(WIDTH)).join('');
}

const hasNull = (latency: LatencyStats): boolean =>
  Object.values(latency).some(({ value }) => value === null);
