import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEXT_ENCODINGS } from '../../../../test/fixtures/text-encodings.js';
import { importedMarkdown } from '../report/imported/imported-markdown.js';
import { importedPage } from '../report/imported/imported-page.js';
import { pointsCsv } from '../report/points-csv.js';
import { importReport } from './import-report.js';
import type { ImportedLoad } from './imported-load.js';
import { readLoads } from './read-loads.js';

/** Written by the real tools: scripts/record-load-tools.mjs. */
const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const NOTHING = { users: null, rateRps: null };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-import-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The one load that these files, by their names, tell of. */
async function loadOf(files: Readonly<Record<string, string | Buffer>>): Promise<ImportedLoad> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const paths = Object.keys(files).map((name) => join(folder, name));
  const [load, ...more] = await readLoads(paths, NOTHING);
  if (load === undefined || more.length > 0) throw new Error(`${more.length + 1} loads`);
  return load;
}

/** All that does not depend on the name of the file. */
const told = ({ files: _files, name: _name, ...figures }: ImportedLoad) => figures;

// What PowerShell writes where `k6 run --out json=- > file` is redirected: grafana/k6-docs#212.
describe.each(TEXT_ENCODINGS)('files in %s', (_encoding, encode) => {
  it.each(['k6_summary.json', 'locust_stats.csv', 'locust.json'])('%s says the same', async (name) => {
    const text = await readFile(fixture(name), 'utf8');
    const plain = await loadOf({ [name]: text });
    expect(told(await loadOf({ [name]: encode(text) }))).toEqual(told(plain));
  });

  it('samples of k6 say the same', async () => {
    const text = K6_REQUESTS.map((request) => samplesOf(request).map(jsonLine).join('\n')).join('\n');
    const plain = await loadOf({ 'run.ndjson': text });
    expect(plain.counts).toMatchObject({ scheduled: 3, ok: 2 });
    expect(told(await loadOf({ 'run.ndjson': encode(text) }))).toEqual(told(plain));
  });
});

type Metrics = Record<string, Record<string, number>>;

async function exported(): Promise<{ metrics: Metrics; root_group: { checks: Record<string, object> } }> {
  return JSON.parse(await readFile(fixture('k6_summary.json'), 'utf8'));
}

describe('a summary of k6', () => {
  it('as handleSummary() is given it says what --summary-export says', async () => {
    const { metrics, root_group } = await exported();
    const data = {
      root_group: { name: '', path: '', groups: [], checks: Object.values(root_group.checks) },
      options: { summaryTrendStats: ['avg', 'p(95)'], summaryTimeUnit: '', noColor: false },
      state: { isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: 4000 },
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([name, { thresholds: _limits, ...values }]) => [
          name,
          { type: 'trend', contains: 'time', values, thresholds: { 'p(95)<500': { ok: true } } },
        ]),
      ),
    };
    const plain = await loadOf({ 'run.json': JSON.stringify({ metrics, root_group }) });
    expect(plain.counts.wrong).toBeGreaterThan(0);
    expect(told(await loadOf({ 'run.json': JSON.stringify(data, null, 2) }))).toEqual(told(plain));
  });

  it('in the machine-readable form of newer versions is read', async () => {
    const metric = (name: string, type: string, values: object) => ({
      name,
      type,
      contains: 'default',
      values,
    });
    const load = await loadOf({
      'run.json': JSON.stringify({
        version: '1.0.0',
        metadata: { k6Version: '1.6.1', generatedAt: '2026-03-13T10:00:00Z' },
        config: { duration: 20, execution: 'local', script: 'load.js' },
        results: {
          checks: { results: [{ name: 'a class comes first', passes: 180, fails: 20 }] },
          metrics: [
            metric('http_reqs', 'counter', { count: 200 }),
            metric('http_req_failed', 'rate', { matches: 15, rate: 0.075, total: 200 }),
            metric('http_req_duration', 'trend', {
              avg: 12,
              max: 40,
              med: 11,
              min: 3,
              'p(90)': 20,
              'p(95)': 25,
            }),
          ],
        },
      }),
    });
    expect(load).toMatchObject({
      measuredS: 20,
      throughputRps: 9,
      counts: { scheduled: 200, ok: 180, wrong: 5, failed: 15 },
      fromSend: { mean: 12, p50: 11, p95: 25, p99: null },
    });
  });

  // grafana/k6-docs#212: older versions, and scripts that clear the response callback, have no http_req_failed.
  it('without http_req_failed has unknown failures, nowhere 0', async () => {
    const { metrics, root_group } = await exported();
    const left = Object.entries(metrics).filter(([name]) => !name.startsWith('http_req_failed'));
    const load = await loadOf({
      'run.json': JSON.stringify({ root_group, metrics: Object.fromEntries(left) }),
    });
    const { scheduled, incomplete, ...unknown } = load.counts;
    expect(scheduled).toBeGreaterThan(0);
    expect(incomplete).toBe(0);
    expect(new Set(Object.values(unknown))).toEqual(new Set([null]));
    expect(load).toMatchObject({ throughputRps: null, failuresTimed: null, checked: 0 });

    const imported = importReport([load]);
    const [point] = imported.report.stacks[0]?.points ?? [];
    expect(point).toMatchObject({
      counts: { scheduled, ok: null, failed: null },
      throughput_rps: { value: null },
      goodput_rps: { value: null },
      repeats: [{ throughput_rps: null, counts: { ok: null } }],
    });
    expect(imported.report.verdict.sentence).toMatch(/\d req\/s, failures unknown/);
    expect(imported.report.verdict.reasons.join()).toContain('failures unknown');
    expect(importedMarkdown(imported)).toMatch(/\| unknown \| INVALID \|/);
    expect(importedPage(imported)).toContain('<td>unknown</td>');
    expect(pointsCsv(imported.report)).toMatch(new RegExp(`,${scheduled},,,,,,0,`));
  });
});

interface K6Request {
  readonly endS: number;
  readonly durationMs: number;
  readonly status: string;
}
const K6_REQUESTS: readonly K6Request[] = [
  { endS: 0, durationMs: 20, status: '200' },
  { endS: 30, durationMs: 40, status: '200' },
  { endS: 60, durationMs: 5, status: '503' },
];

/** As versions before 0.31 write a request: nothing in it says "failed" but the status. */
const samplesOf = ({ endS, durationMs, status }: K6Request) => [
  { metric: 'http_reqs', endS, value: 1, tags: { status } },
  { metric: 'http_req_duration', endS, value: durationMs, tags: { status } },
  { metric: 'http_req_blocked', endS, value: 1, tags: { status } },
];
type Sample = ReturnType<typeof samplesOf>[number];

const START_S = 1_800_000_000;
const jsonLine = ({ metric, endS, value, tags }: Sample) => {
  const time = new Date((START_S + endS) * 1000).toISOString();
  return JSON.stringify({ metric, type: 'Point', data: { time, value, tags } });
};

const CSV_HEAD =
  'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata';
const csvLine = ({ metric, endS, value, tags }: Sample, unit = 1) =>
  `${metric},${(START_S + endS) * unit},${value.toFixed(6)},,"dial: ""x"",\ny",,,,POST,"http://h/a,b",HTTP/1.1,default,,${tags.status},,,"http://h/a,b",phase=measured&x=1,`;

describe('samples of k6', () => {
  it('without http_req_failed are judged by their status; without that the failures are unknown', async () => {
    const samples = K6_REQUESTS.flatMap(samplesOf);
    const load = await loadOf({ 'run.ndjson': samples.map(jsonLine).join('\n') });
    expect(load.counts).toMatchObject({ scheduled: 3, ok: 2, rejected: 1 });
    const bare = samples.map((sample) => jsonLine({ ...sample, tags: {} as Sample['tags'] }));
    const unknown = await loadOf({ 'run.ndjson': bare.join('\n') });
    expect(unknown).toMatchObject({ counts: { scheduled: 3, ok: null, failed: null }, throughputRps: null });
  });

  it.each([
    ['seconds', 1],
    ['milliseconds', 1000],
    ['nanoseconds', 1e9],
  ])('in CSV with moments in %s say what they say in JSON', async (_unit, unit) => {
    const samples = K6_REQUESTS.flatMap(samplesOf);
    const json = await loadOf({ 'run.ndjson': samples.map(jsonLine).join('\n') });
    const text = [CSV_HEAD, ...samples.map((sample) => csvLine(sample, unit)), ''].join('\n');
    const csv = await loadOf({ 'run.csv': text });
    expect(csv.counts).toEqual(json.counts);
    expect(csv.fromSend).toEqual(json.fromSend);
    expect(csv.measuredS).toBeCloseTo(json.measuredS ?? 0, 6);
    expect(told(await loadOf({ 'run.csv.gz': gzipSync(text) }))).toEqual(told(csv));
  });

  it('in whole seconds say nothing of how late requests of a rate were sent', async () => {
    const samples = K6_REQUESTS.flatMap(samplesOf);
    const rate = (lines: readonly string[]) => [...lines, `load_rate,${START_S},0.05,,,,,,,,,,,,,,,,`];
    const load = await loadOf({
      'run.csv': [CSV_HEAD, ...rate(samples.map((one) => csvLine(one)))].join('\n'),
    });
    expect(load.load).toMatchObject({ mode: 'open', rate_rps: 0.05 });
    expect(load.lagMs.p99).toBeNull();
    expect(load.fromSchedule.p50).toBeNull();
  });

  it('in CSV name the line that was cut off', async () => {
    const lines = [CSV_HEAD, ...K6_REQUESTS.flatMap(samplesOf).map((sample) => csvLine(sample))];
    await expect(loadOf({ 'run.csv': `${lines.join('\n')}\nhttp_reqs,18000` })).rejects.toThrow(
      /line 20 of .*run\.csv is not a k6 sample/,
    );
  });
});

describe('tables of Locust', () => {
  // The heads of 0.8 to 0.12, of 0.13 and 0.14, and of 1.0, which renamed them: locustio/locust#1317, #1292.
  it('before 0.13 are two: requests and their distribution', async () => {
    const files = {
      'run_requests.csv':
        '"Method","Name","# requests","# failures","Median response time","Average response time","Min response time","Max response time","Average Content Size","Requests/s"\n"POST","/predict",400,20,46,47,25,90,68,20.00\n"None","Total",400,20,46,47,25,90,68,20.00',
      'run_distribution.csv':
        '"Name","# requests","50%","66%","75%","80%","90%","95%","98%","99%","100%"\n"POST /predict",400,46,48,49,49,60,70,80,85,90\n"Total",400,46,48,49,49,60,70,80,85,90',
    };
    expect(await loadOf(files)).toMatchObject({
      counts: { scheduled: 400, ok: 380, failed: 20 },
      throughputRps: 19,
      fromSend: { mean: 47, p50: 46, p90: 60, p95: 70, p99: 85, max: 90 },
    });
    const alone = await loadOf({ 'run_requests.csv': files['run_requests.csv'] });
    expect(alone.fromSend).toMatchObject({ mean: 47, p50: 46, p95: null, max: 90 });
  });

  it('of 0.13 and 0.14 have other names for the same columns, and a history without users', async () => {
    const load = await loadOf({
      'run_stats.csv':
        '"Type","Name","# requests","# failures","Median response time","Average response time","Min response time","Max response time","Average Content Size","Requests/s","Requests Failed/s","50%","66%","75%","80%","90%","95%","98%","99%","99.9%","99.99%","99.999","100%"\n"POST","/predict",400,20,46,47,25,90,68,20.00,1.00,46,48,49,49,60,70,80,85,90,90,90,90\n"None","Aggregated",400,20,46,47,25,90,68,20.00,1.00,46,48,49,49,60,70,80,85,90,90,90,90',
      'run_stats_history.csv':
        '"Type","Name","Timestamp","# requests","# failures","Requests/s","Requests Failed/s","Median response time","Average response time","Min response time","Max response time","Average Content Size","50%","66%"\n"None","Aggregated","1574373141",200,0,20.00,0.00,46,47,25,90.00,68.00,46,48\n"None","Aggregated","1574373143",400,20,20.00,1.00,46,47,25,90.00,68.00,46,48\n',
      'run_failures.csv':
        '"Method","Name","Error","Occurrences"\n"POST","/predict","CatchResponseError("status 503")",20',
    });
    expect(load).toMatchObject({
      load: { mode: 'closed' },
      counts: { scheduled: 400, ok: 380, rejected: 20, failed: 0 },
      fromSend: { p95: 70, p99: 85 },
      warmupIncluded: true,
    });
  });

  it('tell kinds of failures apart by a code, or by text where they have none', async () => {
    const { counts } = await loadOf({
      'run_stats.csv':
        'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,95%\n,Aggregated,100,10,46,47,25,90,68,20.00,0.00,46,70',
      'run_failures.csv': [
        'Method,Name,Error,Occurrences',
        "POST,/predict,CatchResponseError('[rejected] status 503'),1",
        "POST,/predict,CatchResponseError('[failed] status 500'),2",
        "POST,/predict,CatchResponseError('[wrong] the answer is not JSON'),3",
        'POST,/predict,TimeoutError(),4',
      ].join('\n'),
    });
    expect(counts).toMatchObject({ ok: 90, rejected: 1, failed: 2, wrong: 3, timed_out: 4 });
  });

  it('of 1.x are quoted', async () => {
    const load = await loadOf({
      'run_stats.csv':
        '"Type","Name","Request Count","Failure Count","Median Response Time","Average Response Time","Min Response Time","Max Response Time","Average Content Size","Requests/s","Failures/s","50%","95%"\n"POST","Aggregated",1,0,1,1,1,1,1,1,0,1,1\n"","Aggregated",400,0,46,47,25,90,68,20.00,0.00,46,70',
    });
    expect(load).toMatchObject({ counts: { scheduled: 400 }, fromSend: { p50: 46, p95: 70 } });
  });

  it.each([
    [
      'semicolons and decimal commas',
      (text: string) => text.replaceAll(',', ';').replaceAll('.', ',').replaceAll('99,9', '99.9'),
    ],
    ['tabs', (text: string) => text.replaceAll(',', '\t')],
  ])('are read after a spreadsheet has saved them with %s', async (_what, save) => {
    const text = await readFile(fixture('locust_stats.csv'), 'utf8');
    const plain = await loadOf({ 'locust_stats.csv': text });
    expect(told(await loadOf({ 'locust_stats.csv': save(text) }))).toEqual(told(plain));
  });
});

// Found by make fuzz: 1e-320 failures made a report that its own schema refuses.
it.each(['1e-320', '0.5', '-3', '1e300'])(
  'a table with %s failures is refused with what to do',
  async (count) => {
    const [header = '', ...rows] = (await readFile(fixture('locust_stats.csv'), 'utf8'))
      .trim()
      .split(/\r?\n/);
    const cells = (rows.at(-1) ?? '').split(',');
    cells[header.split(',').indexOf('Failure Count')] = count;
    await expect(loadOf({ 'run_stats.csv': `${header}\n${cells.join(',')}\n` })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('run_stats.csv: '),
    });
  },
);
