import type { Point } from '@servelab/core';
import { alignedTable } from '@servelab/lab';
import { statWords } from './stat-words.js';

/** What happened in each stretch of a load whose rate changes; empty for others. */
export function windowTable({ windows = [], drift }: Point): string {
  if (windows.length === 0) return '';
  const header = ['window s', 'planned/s', 'offered/s', 'ok/s', 'p50 ms', 'p95 ms', 'errors'];
  const rows = windows.map(
    ({ from_s, to_s, planned_rps, offered_rps, ok_rps, p50_ms, p95_ms, scheduled, ok }) => [
      `${seconds(from_s)}-${seconds(to_s)}`,
      planned_rps === undefined ? '-' : rate(planned_rps),
      rate(offered_rps),
      rate(ok_rps),
      statWords(p50_ms),
      statWords(p95_ms),
      String(scheduled - ok),
    ],
  );
  const lines = [alignedTable([header, ...rows])];
  if (drift === null) lines.push('drift: not tested, a window has too few requests for its p95');
  else if (drift !== undefined) lines.push(driftWords(drift));
  return lines.join('\n');
}

function driftWords({ change_pct, p_value, drifts }: NonNullable<Point['drift']>): string {
  const change = `${change_pct >= 0 ? '+' : ''}${change_pct.toFixed(1)} %`;
  const sure = `p = ${p_value < 0.001 ? p_value.toExponential(0) : p_value.toFixed(3)}`;
  return drifts
    ? `DRIFTS: p95 changes by ${change} from the first window to the last (${sure})`
    : `drift: none found (p95 ${change} from the first window to the last, ${sure})`;
}

const seconds = (s: number): string => String(Number(s.toFixed(1)));
const rate = (rps: number): string => String(Number(rps.toPrecision(3)));
