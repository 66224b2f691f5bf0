import { csvNumber, parseCsv } from '../../csv/parse-csv.js';

/** `PREFIX_stats_history.csv`: one line a second of everything together. */
export interface LocustHistory {
  readonly kind: 'locust-history';
  /** The most users at a time; null in the files of Locust before 1.0, which do not have them. */
  readonly users: number | null;
  /**
   * True where the figures begin anew: what came before was left out of them. Then the count or the longest time falls,
   * or the shortest grows, which they never do by themselves.
   */
  readonly wasReset: boolean;
}

export const isLocustHistory = (header: readonly string[]): boolean =>
  header.includes('Timestamp') && header.includes('Requests/s');

export function parseLocustHistory(text: string): LocustHistory | null {
  const rows = parseCsv(text)
    .filter(({ Name }) => Name === 'Aggregated')
    .map((row) => ({
      users: csvNumber(row['User Count']),
      requests: csvNumber(row['Total Request Count'] ?? row['# requests']) ?? 0,
      shortestMs: csvNumber(row['Total Min Response Time'] ?? row['Min response time']) ?? 0,
      longestMs: csvNumber(row['Total Max Response Time'] ?? row['Max response time']) ?? 0,
    }));
  if (rows.every(({ users, requests }) => (users ?? 0) === 0 && requests === 0)) return null;
  const users = rows.reduce((most, row) => Math.max(most, row.users ?? 0), 0);
  const wasReset = rows.some((row, at) => {
    const before = rows[at - 1];
    if (before === undefined || before.requests === 0) return false;
    const { requests, shortestMs, longestMs } = row;
    return requests < before.requests || longestMs < before.longestMs || shortestMs > before.shortestMs;
  });
  return { kind: 'locust-history', users: users === 0 ? null : users, wasReset };
}
