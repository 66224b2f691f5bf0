import { basename } from 'node:path';
import { usageError } from '@servelab/core';
import { readToolFile, type ToolFile } from './files/read-tool-file.js';
import { groupByStem, stemOf } from './group-files.js';
import type { GivenLoad, ImportedLoad } from './imported-load.js';
import { loadFromK6 } from './load-from-k6.js';
import { loadFromLocust } from './load-from-locust.js';
import { loadFromPoint } from './load-from-point.js';

interface NamedFile {
  readonly path: string;
  readonly file: ToolFile;
}

/**
 * The loads that result files tell of. Files with one stem (`tmp/run_stats.csv`, `tmp/run_stats_history.csv`) are of
 * one load.
 *
 * @throws UserError (exit code 2) for files without figures or of no known kind, (3) for one that cannot be read
 */
export async function readLoads(paths: readonly string[], given: GivenLoad): Promise<ImportedLoad[]> {
  const files = await Promise.all(paths.map(async (path) => ({ path, file: await readToolFile(path) })));
  const loads = [...groupByStem(files).values()].flatMap((group) => loadsOf(group, given));
  if (loads.length > 0) return loads;
  throw usageError(
    `${paths.map((path) => basename(path)).join(', ')}: no figures of a load`,
    'Name also the file with the figures: PREFIX_stats.csv of Locust, the summary or the points of k6.',
  );
}

function loadsOf(group: readonly NamedFile[], given: GivenLoad): ImportedLoad[] {
  const stem = basename(stemOf(group[0]?.path ?? ''));
  const told = [
    ...group.flatMap(({ path, file }) =>
      file.kind === 'servelab-point' ? [{ ...loadFromPoint(file.point), files: [basename(path)] }] : [],
    ),
    ofLocust(group, given),
    ofK6(group, given),
  ].filter((load) => load !== null);
  for (const load of told) requireCounts(load);
  return told.map((load) => ({ ...load, name: load.client?.stack ?? stem }));
}

/** @throws UserError (exit code 2) for counts that no load has: fractions, negative and endless ones */
function requireCounts({ counts, files }: Pick<ImportedLoad, 'counts' | 'files'>): void {
  for (const [outcome, count] of Object.entries(counts)) {
    if (count === null || (Number.isSafeInteger(count) && count >= 0)) continue;
    throw usageError(
      `${files.join(', ')}: ${count} requests of the outcome "${outcome}"`,
      'Name the files as the tool wrote them: counts are whole numbers from 0.',
    );
  }
}

function ofLocust(group: readonly NamedFile[], given: GivenLoad): Omit<ImportedLoad, 'name'> | null {
  const load = loadFromLocust(
    {
      stats: find(group, 'locust-stats'),
      distribution: find(group, 'locust-distribution'),
      history: find(group, 'locust-history'),
      failures: find(group, 'locust-failures'),
      json: find(group, 'locust-json'),
      note: noteOf(group, 'locust'),
    },
    given,
  );
  return load === null ? null : { ...load, files: namesOf(group, 'locust-') };
}

function ofK6(group: readonly NamedFile[], given: GivenLoad): Omit<ImportedLoad, 'name'> | null {
  const load = loadFromK6(
    { summary: find(group, 'k6-summary'), points: find(group, 'k6-points'), note: noteOf(group, 'k6') },
    given,
  );
  return load === null ? null : { ...load, files: namesOf(group, 'k6-') };
}

function find<K extends ToolFile['kind']>(
  group: readonly NamedFile[],
  kind: K,
): Extract<ToolFile, { kind: K }> | undefined {
  const isOfKind = (file: ToolFile): file is Extract<ToolFile, { kind: K }> => file.kind === kind;
  return group.map(({ file }) => file).find(isOfKind);
}

const noteOf = (group: readonly NamedFile[], tool: 'locust' | 'k6') =>
  group.flatMap(({ file }) => (file.kind === 'client-note' && file.tool === tool ? [file.note] : []))[0] ??
  null;

const namesOf = (group: readonly NamedFile[], prefix: string): string[] =>
  group.filter(({ file }) => file.kind.startsWith(prefix)).map(({ path }) => basename(path));
