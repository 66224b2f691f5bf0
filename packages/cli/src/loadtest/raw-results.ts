import { usToMs } from '@servelab/core';
import type { RequestRecord } from '@servelab/lab';

/**
 * `tmp/loadtest_*.txt`: one line a measured request, times in milliseconds from the first of them, for people
 * and for `awk`.
 */
export function rawResults(title: string, records: readonly RequestRecord[]): string {
  const measured = records.filter(({ phase }) => phase === 'measured');
  const startUs = measured[0]?.scheduled ?? 0;
  return [
    `# ${title}`,
    '# start_ms latency_ms status outcome bytes',
    ...measured.map((record) => rawLine(record, startUs)),
    '',
  ].join('\n');
}

function rawLine({ scheduled, done, status, outcome, bytes }: RequestRecord, startUs: number): string {
  const startMs = usToMs(scheduled - startUs).toFixed(3);
  const latencyMs = done === null ? '-' : usToMs(done - scheduled).toFixed(3);
  return `${startMs} ${latencyMs} ${status ?? '-'} ${outcome} ${bytes}`;
}
