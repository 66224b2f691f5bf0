import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportSchema } from '@servelab/core/report-schema';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failedCheckText, scopeText } from '../text/checks.js';
import { compareRuns } from './compare-runs.js';
import { readReport } from './read-report.js';

/** What version 1 wrote of a synthetic run: a valid stack, one that failed, a cache, a driver, a saturated load. */
const V1 = fileURLToPath(new URL('fixtures/report-v1.json', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-read-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads a report of version 1 as one of this version', async () => {
  const report = await readReport(V1);
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report.checks.filter(({ id }) => id === 'unknown')).toEqual([]);
  expect(report.checks.filter(({ where }) => where.scope === 'other')).toEqual([]);
  const byId = new Map(report.checks.map((check) => [check.id, check]));
  expect(byId.get('stack-running')).toMatchObject({
    value: 0,
    params: { failure: 'exited with code 1' },
    where: { scope: 'stack', stack: 'servelab:dead', workload: 'photographs' },
  });
  expect(byId.get('golden-images')).toMatchObject({
    comparator: 'min',
    value: 6,
    limit: 6,
    params: { checked: 6 },
  });
  expect(byId.get('littles-law')).toMatchObject({ comparator: 'within', target: 1, limit: 0.05 });
  expect(byId.get('cache-probe')).toMatchObject({ unit: 'percent', limit: -10, ok: false });
  expect(byId.get('enough-requests-p95')?.where).toMatchObject({ scope: 'point', load: { mode: 'open' } });
  expect(report.stacks[0]).toMatchObject({ framework: 'servelab', batching: { kind: 'none' } });
});

it('says of its checks what version 1 said', async () => {
  const { checks } = await readReport(V1);
  const failed = checks.filter(({ ok }) => !ok);
  expect(failed.map((check) => `${scopeText(check.where)}: ${failedCheckText(check)}`)).toMatchSnapshot();
});

it('compares reports of both versions', async () => {
  const [before, after] = await Promise.all([readReport(V1), readReport(V1)]);
  const { rows } = compareRuns(before, after, { metrics: ['throughput'], maxRegressionPct: 5 });
  expect(rows.length).toBeGreaterThan(0);
});

it('keeps a sentence that it does not know', async () => {
  const gate = {
    rule: 'the moon is new',
    value: 'full',
    limit: 'new',
    ok: false,
    where: 'sky',
    fix: 'Wait.',
  };
  const { checks: _, ...report } = await readReport(V1);
  const path = join(folder, 'report.json');
  await writeFile(path, JSON.stringify({ ...report, schema_version: 1, gates: [gate] }));
  const [check] = (await readReport(path)).checks;
  expect(check).toEqual({
    id: 'unknown',
    comparator: 'unknown',
    unit: 'unknown',
    value: null,
    limit: null,
    params: { rule: 'the moon is new', value: 'full', limit: 'new', fix: 'Wait.' },
    ok: false,
    where: { scope: 'other', text: 'sky' },
  });
});

it('refuses a version that it does not know', async () => {
  const path = join(folder, 'later.json');
  await writeFile(path, '{"schema_version": 3}');
  await expect(readReport(path)).rejects.toThrow(/is not a valid report/);
});
