import type { Check } from '@servelab/core';
import { judge } from '../analyse/checks/check.js';
import {
  CLIENT_UTILIZATION_LIMIT,
  LAG_FLOOR_MS,
  LITTLE_TOLERANCE,
  MISPLACED_LIMIT,
  sampleCountCheck,
} from '../analyse/checks/point-checks.js';
import { DRIFT_LIMIT_PCT } from '../analyse/checks/steady-state-checks.js';
import { busyShare, type ImportedLoad } from './imported-load.js';

/** Files of other tools are no run of the lab: they stand apart from its workloads. */
export const IMPORTED_WORKLOAD = 'imported';

/**
 * The checks of the lab for a load of another tool. Most cannot be made: aggregated figures do not say when a single
 * request was due, sent and answered. What cannot be checked has no value, and counts as failed.
 */
export function importedChecks(imported: ImportedLoad): Check[] {
  const { name, tool, load, client, lagMs, timed } = imported;
  const utilization = client === null || client.busy === null ? null : client.busy / client.cores;
  const checks = [
    judge('requests-accounted-for', null, MISPLACED_LIMIT),
    load.mode === 'open'
      ? judge('client-on-time', lagMs.p99, LAG_FLOOR_MS)
      : judge('littles-law', busyShare(imported), LITTLE_TOLERANCE),
    judge('client-utilization', utilization, CLIENT_UTILIZATION_LIMIT),
    judge('latency-drift', null, DRIFT_LIMIT_PCT),
    sampleCountCheck(timed, load.mode === 'open'),
  ];
  const where = { scope: 'point', stack: `${name} by ${tool}`, workload: IMPORTED_WORKLOAD, load } as const;
  return checks.map((check) => ({ ...check, params: { tool }, where }));
}
