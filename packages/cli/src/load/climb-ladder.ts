import { join } from 'node:path';
import { EXIT, type MeasuredPoint } from '@servelab/core';
import { alignedTable, findKnee, pointAlone, recordsOf } from '@servelab/lab';
import { errorLines } from './error-rows.js';
import type { LoadJob } from './load-job.js';
import { targetWords } from './result-table.js';
import { statWords } from './stat-words.js';

/** `servelab load URL --ladder 1,2,4`: one closed loop after the other. @returns the exit code */
export async function climbLadder(job: LoadJob, levels: readonly number[]): Promise<number> {
  const { plan, options, kept, terminal, signal } = job;
  const points: MeasuredPoint[] = [];
  for (const concurrency of levels) {
    const name = `records-${concurrency}.ndjson`;
    const recordsPath = join(kept.folder, name);
    const step = { ...plan, load: { mode: 'closed', concurrency } as const, recordsPath };
    const result = await job.run(step);
    kept.records(name, result);
    if (result.aborted || signal.aborted) break;
    points.push(pointAlone(plan.url, step, result, await recordsOf(result), options.slo));
  }
  const text = JSON.stringify(points, null, 2);
  await kept.write('points.json', `${text}\n`);
  terminal.out(options.json ? text : ladderTable(targetWords(plan.url, plan), points));
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

/** All levels in one table, and the level from which more users bring little. */
function ladderTable(target: string, points: readonly MeasuredPoint[]): string {
  const header = ['users', 'ok/s', 'p50 ms', 'p95 ms', 'p99 ms', 'errors', 'verdict'];
  const rows = points.map(({ load, throughput_rps, latency_ms, counts, verdict }) => [
    String(load.concurrency),
    statWords(throughput_rps),
    ...[latency_ms.p50, latency_ms.p95, latency_ms.p99].map(statWords),
    String(counts.scheduled - counts.ok),
    [verdict.status, ...verdict.reasons.slice(0, 1)].join(': '),
  ]);
  return [
    `target  ${target}`,
    '',
    alignedTable([header, ...rows], [header.length - 1]),
    '',
    kneeWords(points),
    ...points.flatMap((point) => errorLines(`${point.load.concurrency} users`, point)),
  ].join('\n');
}

function kneeWords(points: readonly MeasuredPoint[]): string {
  const knee = findKnee(points);
  return knee === null
    ? 'no knee: the highest level still brings more than 5 % over the others; add higher ones'
    : `knee at ${knee} users: more of them bring less than 5 % in throughput`;
}
