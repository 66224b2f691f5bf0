import { parseCsv } from './parse-csv.js';

/** `PREFIX_stats_history.csv`: one line a second of everything together. */
export interface LocustHistory {
  readonly kind: 'locust-history';
  /** The most users at a time. */
  readonly users: number;
  /**
   * True where the figures begin anew: what came before was left out of them. Then the count or the longest time falls,
   * or the shortest grows, which they never do by themselves.
   */
  readonly wasReset: boolean;
}

export const LOCUST_HISTORY_HEAD = 'Timestamp,User Count,';

export function parseLocustHistory(text: string): LocustHistory | null {
  const rows = parseCsv(text)
    .filter(({ Name }) => Name === 'Aggregated')
    .map((row) => ({
      atS: Number(row.Timestamp),
      users: Number(row['User Count']),
      requests: Number(row['Total Request Count']),
      shortestMs: Number(row['Total Min Response Time']),
      longestMs: Number(row['Total Max Response Time']),
    }));
  const users = Math.max(0, ...rows.map((row) => row.users));
  if (users === 0) return null;
  const wasReset = rows.some((row, at) => {
    const before = rows[at - 1];
    if (before === undefined || before.requests === 0) return false;
    const { requests, shortestMs, longestMs } = row;
    return requests < before.requests || longestMs < before.longestMs || shortestMs > before.shortestMs;
  });
  return { kind: 'locust-history', users, wasReset };
}
