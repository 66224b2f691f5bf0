import { digits } from '../../text/figure-words.js';
import { loadLabel } from '../../text/load-label.js';
import type { ImportedLoad } from '../imported-load.js';
import { busyClient } from './busy-client.js';
import { coldStart } from './cold-start.js';
import { connectionSetup } from './connection-setup.js';
import { coordinatedOmission } from './coordinated-omission.js';
import { failedRequests } from './failed-requests.js';
import { type Cause, type Finding, loadName } from './finding.js';
import { kindOfLoop } from './kind-of-loop.js';
import { roundedPercentiles } from './rounded-percentiles.js';
import { startOfLatency } from './start-of-latency.js';
import { timeBetweenRequests } from './time-between-requests.js';

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
