import { fileURLToPath } from 'node:url';
import type { Counts } from '@servelab/core';
import { describe, expect, it } from 'vitest';
import { knownCounts } from '../analyse/outcome-counts.js';
import { halfBucketMs } from './causes.js';
import { importReport } from './import-report.js';
import type { ImportedLoad } from './imported-load.js';
import { readLoads } from './read-loads.js';

/** Written by the real tools: scripts/record-load-tools.mjs. */
const FOLDER = fileURLToPath(new URL('./fixtures/', import.meta.url));
const NOTHING = { users: null, rateRps: null };

async function read(...names: string[]): Promise<ImportedLoad & { counts: Counts }> {
  const paths = names.map((name) => FOLDER + name);
  const [load, ...more] = await readLoads(paths, NOTHING);
  if (load === undefined || more.length > 0) throw new Error(`${more.length + 1} loads`);
  const counts = knownCounts(load.counts);
  if (counts === null) throw new Error('unknown counts');
  return { ...load, counts };
}

const LOCUST = [
  'locust_stats.csv',
  'locust_stats_history.csv',
  'locust_failures.csv',
  'locust.json',
  'locust_client.json',
];
const K6 = ['k6_summary.json', 'k6_points.ndjson.gz', 'k6_client.json'];
const OPEN = ['k6-open_summary.json', 'k6-open_points.ndjson.gz', 'k6-open_client.json'];

describe('files of Locust', () => {
  it('that belong together are one closed load', async () => {
    const load = await read(...LOCUST);
    expect(load).toMatchObject({
      name: 'fixture',
      tool: 'locust',
      load: { mode: 'closed', concurrency: 3 },
      loadIsKnown: true,
      warmupIncluded: false,
      thinkS: 0,
      failuresTimed: true,
      connections: { charged: 'in the latency' },
    });
    expect(load.files).toEqual(LOCUST.slice(0, 4));
    const { scheduled, ok, wrong, rejected, failed } = load.counts;
    expect(ok + wrong + rejected + failed).toBe(scheduled);
    // A tenth refused, a thirtieth without a class. The kinds of the last second are not in the table: just failed.
    expect((rejected + wrong + failed) / scheduled).toBeGreaterThan(0.09);
    expect((rejected + wrong + failed) / scheduled).toBeLessThan(0.18);
    expect(rejected).toBeGreaterThan(0);
    expect(wrong).toBeGreaterThan(0);
    expect(load.checked).toBe(scheduled);
    // Two places of 25 ms: at most 80 a second; three users, so half as long again as an answer takes.
    expect(load.throughputRps).toBeLessThan((80 * ok) / scheduled);
    expect(load.fromSend.p50).toBeGreaterThanOrEqual(25);
    // Users over throughput, but for the edges of two seconds.
    expect((load.fromSend.mean ?? 0) / (load.fromSchedule.mean ?? 0)).toBeCloseTo(1, 1);
  });

  it('say nearly the same by themselves: the table is written once a second', async () => {
    const [csv, json] = [await read('locust_stats.csv'), await read('locust.json')];
    expect(csv.counts.scheduled / json.counts.scheduled).toBeGreaterThan(0.4);
    expect(csv.counts.failed).toBe(csv.counts.scheduled - csv.counts.ok);
    expect((csv.throughputRps ?? 0) / (json.throughputRps ?? 0)).toBeCloseTo(1, 0);
    for (const name of ['p50', 'p90'] as const) {
      const [a, b] = [csv.fromSend[name] ?? 0, json.fromSend[name] ?? 0];
      expect(Math.abs(a - b), name).toBeLessThanOrEqual(4 * halfBucketMs(a));
    }
    expect(csv.load).toEqual({ mode: 'closed' });
    expect(csv.warmupIncluded).toBeNull();
    expect(csv.fromSchedule.mean).toBeNull();
  });

  it('tell the users and the warm-up in the history', async () => {
    const load = await read('locust_stats.csv', 'locust_stats_history.csv');
    expect(load).toMatchObject({ name: 'locust', load: { concurrency: 3 }, warmupIncluded: false });
  });
});

describe('files of k6', () => {
  it('with every sample tell what became of each request', async () => {
    const load = await read(...K6);
    expect(load).toMatchObject({
      name: 'fixture',
      tool: 'k6',
      load: { mode: 'closed', concurrency: 3 },
      measuredS: 2,
      warmupIncluded: false,
      failuresTimed: false,
      dropped: 0,
    });
    const { scheduled, ok, wrong, rejected, failed, timed_out, incomplete } = load.counts;
    expect(ok + wrong + rejected + failed + timed_out + incomplete).toBe(scheduled);
    expect(rejected / scheduled).toBeGreaterThan(0.07);
    expect(rejected / scheduled).toBeLessThan(0.13);
    expect(wrong).toBeGreaterThan(0);
    expect(load.checked).toBe(scheduled - rejected);
    expect(load.throughputRps).toBeCloseTo(ok / 2, 9);
    expect(load.connections.meanMs).toBeGreaterThan(0);
  });

  it('say the same in the summary, failed requests among the times', async () => {
    const [points, summary] = [await read('k6_points.ndjson.gz'), await read('k6_summary.json')];
    expect(summary.counts.scheduled).toBe(points.counts.scheduled);
    expect(summary.counts.failed).toBe(points.counts.rejected);
    expect(summary.counts.wrong).toBe(points.counts.wrong);
    expect(summary.load).toEqual(points.load);
    expect(summary.measuredS).toBe(2);
    expect(summary.failuresTimed).toBe(true);
    expect(summary.fromSend.max).toBeGreaterThanOrEqual(points.fromSend.max ?? 0);
  });

  it('of a rate tell the schedule and what was dropped', async () => {
    const load = await read(...OPEN);
    expect(load.load).toEqual({ mode: 'open', rate_rps: 120, arrivals: 'constant' });
    expect(load.dropped).toBeGreaterThan(20);
    expect(load.counts.incomplete).toBe(load.dropped);
    // 120 a second for 2 s.
    expect(load.counts.scheduled).toBeGreaterThan(230);
    expect(load.counts.scheduled).toBeLessThan(250);
    expect(load.fromSchedule.p50).toBeGreaterThan(load.fromSend.p50 ?? 0);
    expect(load.lagMs.p50).toBeGreaterThanOrEqual(0);
    const summary = await read('k6-open_summary.json');
    expect(summary.load).toEqual(load.load);
    expect(summary.fromSchedule.p50).toBeNull();
  });
});

describe('files of several tools', () => {
  it('are several loads, and their differences are explained', async () => {
    const loads = await readLoads(
      [...LOCUST, ...K6, ...OPEN].map((name) => FOLDER + name),
      NOTHING,
    );
    expect(loads.map(({ tool, load }) => [tool, load.mode])).toEqual([
      ['locust', 'closed'],
      ['k6', 'closed'],
      ['k6', 'open'],
    ]);
    const [explained] = importReport(loads).explained;
    const causes = new Map(explained?.differences.findings.map((one) => [one.cause, one]));
    const applies = (words: string) => [...causes].find(([cause]) => cause.includes(words))?.[1].applies;
    expect(applies('different loads')).toBe(true);
    expect(applies('Coordinated omission')).toBe(true);
    expect(applies('The start is counted')).toBe(false);
    expect(applies('Failed requests are timed')).toBe(true);
  });

  it('without figures are refused', async () => {
    await expect(read('locust_stats_history.csv')).rejects.toThrow('no figures of a load');
  });
});
