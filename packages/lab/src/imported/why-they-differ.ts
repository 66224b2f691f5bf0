import { digits } from '../text/figure-words.js';
import { loadKey, loadLabel } from '../text/load-label.js';
import {
  busyClient,
  type Cause,
  coldStart,
  connectionSetup,
  coordinatedOmission,
  type Finding,
  failedRequests,
  kindOfLoop,
  loadName,
  roundedPercentiles,
  startOfLatency,
  timeBetweenRequests,
} from './causes.js';
import type { ImportedLoad } from './imported-load.js';

/** Every cause that is looked for, the heaviest first. */
const CAUSES: readonly Cause[] = [
  kindOfLoop,
  coordinatedOmission,
  busyClient,
  timeBetweenRequests,
  startOfLatency,
  coldStart,
  connectionSetup,
  failedRequests,
  roundedPercentiles,
];

export interface Differences {
  /** By how much the figures differ, a sentence each. */
  readonly spread: readonly string[];
  readonly findings: readonly Finding[];
}

/** What may make several loads differ, and what of it the files show; null for a single one. */
export function whyTheyDiffer(compared: readonly ImportedLoad[]): Differences | null {
  if (compared.length < 2) return null;
  const loads = toldApart(compared);
  return {
    spread: [
      spreadOf(loads, 'throughput', 'ok/s', ({ throughputRps }) => throughputRps),
      ...(['p50', 'p95', 'p99'] as const).map((name) =>
        spreadOf(loads, `${name} from the send`, 'ms', ({ fromSend }) => fromSend[name]),
      ),
    ].filter((words) => words !== null),
    findings: CAUSES.flatMap((cause) => cause(loads) ?? []),
  };
}

/** A sentence is about one load: where a tool has measured a stack twice, the load is part of the name, or its file. */
function toldApart(loads: readonly ImportedLoad[]): ImportedLoad[] {
  const alone = (named: readonly ImportedLoad[], one: ImportedLoad | undefined) =>
    one !== undefined && named.filter((other) => loadName(other) === loadName(one)).length === 1;
  const byLoad = loads.map((one) => ({ ...one, name: `${one.name}, ${loadLabel(one.load)},` }));
  return loads.map((one, at) => {
    if (alone(loads, one)) return one;
    const named = byLoad[at];
    if (named !== undefined && alone(byLoad, named)) return named;
    return { ...one, name: `${one.name} (${one.files[0] ?? ''})` };
  });
}

function spreadOf(
  loads: readonly ImportedLoad[],
  figure: string,
  unit: string,
  pick: (load: ImportedLoad) => number | null,
): string | null {
  const known = loads
    .flatMap((one) => {
      const value = pick(one);
      return value === null ? [] : [{ one, value }];
    })
    .sort((a, b) => a.value - b.value);
  const [least] = known;
  const most = known.at(-1);
  if (least === undefined || most === undefined || least === most || least.value === 0) return null;
  const apart = 100 * (most.value / least.value - 1);
  return `${figure}: ${digits(least.value)} ${unit} (${loadName(least.one)}) to ${digits(most.value)} ${unit} (${loadName(most.one)}), ${digits(apart)} % apart`;
}

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
