import { reportSchema } from '@servelab/core/report-schema';
import { describe, expect, it } from 'vitest';
import { importedMarkdown } from '../report/imported/imported-markdown.js';
import { importedPage } from '../report/imported/imported-page.js';
import { importReport } from './import-report.js';
import { importedLoad } from './load.fixture.js';

const eight = importedLoad();
const k6 = importedLoad({
  tool: 'k6',
  fromSend: { ...eight.fromSend, p95: 90.3 },
  connections: { charged: 'apart', meanMs: 0.1, maxMs: 2 },
});

describe('a report of imported loads', () => {
  it('keeps the contract, and names no winner', () => {
    const { report } = importReport([eight, k6]);
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report.verdict).toMatchObject({ status: 'INVALID', winner: null, ranking: [] });
    expect(report.verdict.sentence).toBe(
      'Imported, so not judged. fastapi/tuned by locust at 8 at a time: 100 ok/s, p95 90 ms from the send. fastapi/tuned by k6 at 8 at a time: 100 ok/s, p95 90.3 ms from the send.',
    );
    expect(report.stacks.map(({ name }) => name)).toEqual(['fastapi/tuned by locust', 'fastapi/tuned by k6']);
  });

  it('leaves null what the files do not say, and what their samples do not support', () => {
    const { report } = importReport([{ ...eight, timed: 400 }]);
    const point = report.stacks[0]?.points[0];
    expect(point?.latency_ms.mean.value).toBe(80);
    expect(point?.latency_ms.p95.value).toBeNull();
    expect(point?.service_ms.p95.value).toBe(90);
    expect(point?.service_ms.p99.value).toBeNull();
    expect(point?.cpu_s_per_1000.value).toBeNull();
    const { report: short, explained } = importReport([eight, k6].map((one) => ({ ...one, timed: 60 })));
    expect(short.verdict.sentence).not.toContain('p95');
    expect(explained[0]?.differences.spread.join()).not.toContain('p95');
  });

  it('judges what can be judged: Little’s law, samples, the client where it was watched', () => {
    const { checks } = importReport([eight]).report;
    const outcome = Object.fromEntries(checks.map(({ id, value, ok }) => [id, [value, ok]]));
    expect(outcome).toMatchObject({
      'littles-law': [0.9875, true],
      'enough-requests-p50': [1000, true],
      'requests-accounted-for': [null, false],
      'client-utilization': [null, false],
      'latency-drift': [null, false],
    });
    expect(checks.map(({ limit }) => limit)).not.toContain(null);
  });

  it('gives levels of one stack as points of it, and a second of the same load its own name', () => {
    const one = importedLoad({ load: { mode: 'closed', concurrency: 1 } });
    const again = importedLoad({ files: ['again_stats.csv'] });
    const { stacks } = importReport([eight, one, again]).report;
    expect(stacks.map(({ name, points }) => [name, points.length])).toEqual([
      ['fastapi/tuned by locust', 2],
      ['fastapi/tuned by locust (again_stats.csv)', 1],
    ]);
  });

  it('explains what should agree, not the levels that one tool went through', () => {
    const client = {
      ...{ toolVersion: '1', stack: 'fastapi/tuned', url: 'http://x', users: 8, rateRps: null },
      ...{ warmupS: 1, measuredS: 10, thinkS: 0, cores: 1, busy: 0.5 },
    };
    const levels = [1, 8].map((concurrency) =>
      importedLoad({ client, load: { mode: 'closed', concurrency } }),
    );
    expect(importReport(levels).explained).toEqual([]);
    const both = levels.flatMap((level) => [level, { ...k6, client, load: level.load }]);
    expect(importReport(both).explained.map(({ title }) => title)).toEqual([
      'fastapi/tuned, 1 at a time',
      'fastapi/tuned, 8 at a time',
    ]);
  });

  it('draws each tool in a colour of its own', () => {
    const open = { ...k6, load: { mode: 'open', rate_rps: 40, arrivals: 'constant' } as const };
    const page = importedPage(importReport([eight, open]));
    for (const [colour, tool] of [
      ['c-s0', 'locust'],
      ['c-s1', 'k6'],
    ]) {
      expect(page).toContain(`<g class="${colour}" data-of="fastapi/tuned by ${tool}, `);
    }
  });

  it('is a page and Markdown with the section that explains', () => {
    const imported = importReport([eight, k6]);
    expect(importedPage(imported)).toContain('Why do they differ');
    expect(importedPage(imported)).not.toContain('undefined');
    const markdown = importedMarkdown(imported);
    expect(markdown).toContain('## Why do they differ');
    expect(markdown).toContain('**Locust rounds percentiles to two digits**: applies');
    expect(markdown).toContain('| not measured | 0 | not judged |');
  });
});
