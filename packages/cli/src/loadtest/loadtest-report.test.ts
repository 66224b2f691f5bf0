import type { MeasuredPoint, Stat } from '@servelab/core';
import { expect, it } from 'vitest';
import { loadTestReport } from './loadtest-report.js';

const stat = (value: number | null, censored = false): Stat => ({ value, ci95: null, n: 1, censored });

function point(ok: number, failed: number, p99: Stat): MeasuredPoint {
  const latency = {
    mean: stat(1),
    p50: stat(10),
    p90: stat(11),
    p95: stat(12.34),
    p99,
    p99_9: stat(null),
    max: stat(20),
  };
  return {
    load: { mode: 'closed', concurrency: 8 },
    verdict: { status: 'VALID', reasons: [] },
    samples: ok,
    counts: { scheduled: ok + failed, ok, wrong: 0, rejected: 0, failed, timed_out: 0, incomplete: 0 },
    checked: 0,
    throughput_rps: stat(101.239),
    goodput_rps: stat(101.239),
    cpu_s_per_1000: stat(null),
    rss_mb: null,
    batch_size: { mean: null, histogram: {} },
    latency_ms: latency,
    service_ms: latency,
    lag_ms: { p50: null, p99: null },
    repeats: [],
  };
}

it('writes the seeds’ table, names what is down, and invents no percentile', () => {
  const header = {
    startedAt: new Date(0),
    durationS: 10,
    images: '256 crops',
    down: ['bentoml (port 3000)'],
  };
  const rows = [
    { service: 'servelab', concurrency: 8, point: point(99, 1, stat(null)) },
    { service: 'fastapi', concurrency: 8, point: point(100, 0, stat(10_000, true)) },
  ];
  const report = loadTestReport(header, rows);
  expect(report).toContain('| servelab | 8 | 101.24 | 10.0 | 12.3 | - | 1.00 % | 100 |');
  expect(report).toContain('| fastapi | 8 | 101.24 | 10.0 | 12.3 | >= 10000.0 | 0.00 % | 100 |');
  expect(report).toContain('Not running, so not tested: bentoml (port 3000).');
});
