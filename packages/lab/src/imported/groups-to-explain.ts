import { loadKey } from '../text/load-label.js';
import type { ImportedLoad } from './imported-load.js';

/**
 * Loads that should agree and may not: of one stack and one load where there are several of each, otherwise all of
 * them. Levels and stacks that one tool was sent through are meant to differ, so nothing is explained about them.
 */
export function groupsToExplain(loads: readonly ImportedLoad[]): ImportedLoad[][] {
  const tools = new Set(loads.map(({ tool }) => tool));
  const isSeries = tools.size === 1 && loads.every(({ client }) => client !== null);
  if (loads.length < 2 || isSeries) return [];
  return split(loads, ({ name }) => plain(name)).flatMap((group) =>
    split(group, ({ load }) => loadKey(load)),
  );
}

/** By a key, unless that would leave somebody alone. */
function split(loads: readonly ImportedLoad[], keyOf: (load: ImportedLoad) => string): ImportedLoad[][] {
  const groups = new Map<string, ImportedLoad[]>();
  for (const load of loads) groups.set(keyOf(load), [...(groups.get(keyOf(load)) ?? []), load]);
  const parts = [...groups.values()];
  return parts.every(({ length }) => length > 1) ? parts : [[...loads]];
}

/** `fastapi/tuned` in a note is `fastapi-tuned` in the name of a file. */
const plain = (name: string): string => name.replace(/[^a-z0-9]+/gi, '-').toLowerCase();
