import { basename } from 'node:path';

/** What the tools, and our own runs of them, put behind the name that was asked for. */
const SUFFIXES = [
  '_stats_history.csv',
  '_stats.csv',
  '_requests.csv',
  '_distribution.csv',
  '_failures.csv',
  '_exceptions.csv',
  '_client.json',
  '_summary.json',
  '_points.csv.gz',
  '_points.csv',
  '_points.ndjson',
  '_points.ndjson.gz',
  '.ndjson.gz',
  '.json.gz',
  '.csv.gz',
  '.ndjson',
  '.json',
  '.csv',
];

/** The name that files of one load have in common: `tmp/run` of `tmp/run_stats.csv` and `tmp/run.json`. */
export function stemOf(path: string): string {
  const suffix = SUFFIXES.find((candidate) => path.endsWith(candidate) && basename(path) !== candidate);
  return suffix === undefined ? path : path.slice(0, -suffix.length);
}

/** Files of one load together, in the order in which they were named. */
export function groupByStem<T extends { readonly path: string }>(files: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const file of files) {
    const stem = stemOf(file.path);
    groups.set(stem, [...(groups.get(stem) ?? []), file]);
  }
  return groups;
}
