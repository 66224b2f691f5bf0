import { type ImportedLoad, NO_LAG, NO_TIMES } from './imported-load.js';

/** 1000 requests of 8 users in 10 s, 79 ms each on average: the users wait in 98.75 % of their time. */
export function importedLoad(changes: Partial<ImportedLoad> = {}): ImportedLoad {
  return {
    name: 'fastapi/tuned',
    tool: 'locust',
    files: ['run_stats.csv'],
    load: { mode: 'closed', concurrency: 8 },
    loadIsKnown: true,
    measuredS: 10,
    counts: { scheduled: 1000, ok: 1000, wrong: 0, rejected: 0, failed: 0, timed_out: 0, incomplete: 0 },
    checked: 0,
    throughputRps: 100,
    fromSend: { mean: 79, p50: 78, p90: 85, p95: 90, p99: 120, p99_9: null, max: 140 },
    fromSchedule: { ...NO_TIMES, mean: 80 },
    lagMs: NO_LAG,
    timed: 1000,
    failuresTimed: false,
    dropped: 0,
    warmupIncluded: false,
    thinkS: 0,
    connections: { charged: 'in the latency', meanMs: null, maxMs: null },
    client: null,
    point: null,
    ...changes,
  };
}
