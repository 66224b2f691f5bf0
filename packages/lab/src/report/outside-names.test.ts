import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marked } from 'marked';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { syntheticRun, writeSyntheticRun } from '../../../../test/fixtures/synthetic-run.js';
import { importReport } from '../imported/import-report.js';
import { importedLoad } from '../imported/load.fixture.js';
import { importedMarkdown } from './imported/imported-markdown.js';
import { importedPage } from './imported/imported-page.js';
import { pointsCsv } from './points-csv.js';
import { writeReports } from './write-reports.js';

/** A name that would be obeyed by a table, a browser, a spreadsheet, a file system and a terminal. */
const HOSTILE = `=1|<img src=x onerror=alert(1)>"'&lt;\`*[a](b)\n# \u001b[31m/../../x`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'servelab-names-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nothing in it is obeyed: the page has no tag but its own, and no control character. */
function expectHarmless(page: string): void {
  expect(page).not.toMatch(/<img/);
  expect(page).not.toContain('\u001b');
  expect(page.match(/<script/g) ?? []).toHaveLength(1);
}

function expectHarmlessMarkdown(markdown: string, tables: number): void {
  const html = marked.parse(markdown, { async: false, gfm: true });
  expect(html).not.toMatch(/<img(?! src="pictures\/[\w-]+\.svg" )/);
  expect(html).not.toMatch(/<a[ >]/);
  expect(html).not.toContain('\u001b');
  expect((html.match(/<table/g) ?? []).length).toBeGreaterThanOrEqual(tables);
  // Each row has as many cells as its header.
  for (const [table] of html.matchAll(/<table.*?<\/table>/gs)) {
    const columns = (table.match(/<th[ >]/g) ?? []).length;
    for (const [row] of table.matchAll(/<tr>\s*<td.*?<\/tr>/gs)) {
      expect((row.match(/<td[ >]/g) ?? []).length).toBe(columns);
      expect(row.replace(/<td>\s*<\/td>/g, '')).toContain('<td>');
    }
  }
}

it('a run with hostile names gives a report that shows them and obeys none', async () => {
  const run = join(folder, 'run');
  const costMs = (n: number) => 7 * n;
  await writeSyntheticRun(
    run,
    syntheticRun({
      stacks: [
        { name: HOSTILE, workload: HOSTILE, costMs },
        { name: `${HOSTILE} 2`, workload: HOSTILE, costMs: (n) => 9 * n, failEvery: 10 },
        { name: 'failed', workload: HOSTILE, costMs, failure: { message: HOSTILE, log_tail: HOSTILE } },
      ],
      loads: [
        { mode: 'closed', concurrency: 8 },
        { mode: 'open', rate_rps: 60, arrivals: 'poisson' },
      ],
      repeats: 3,
      manifest: {
        run_id: HOSTILE,
        command: `servelab bench --out '${HOSTILE}\n\`\`\`'`,
        profile: HOSTILE,
        config: { [HOSTILE]: HOSTILE },
        environment: { [HOSTILE]: HOSTILE, cpu_model: HOSTILE },
        model: { name: HOSTILE, sha256: null, synthetic: true },
        corpus: { name: HOSTILE, images: 256, sha256: 'a'.repeat(64), generated: false },
      },
    }),
  );
  const before = await readdir(folder);
  await writeReports(run);
  const [page, markdown, csv] = await Promise.all(
    ['report.html', 'report.md', 'points.csv'].map((file) => readFile(join(run, file), 'utf8')),
  );
  expectHarmless(page ?? '');
  expectHarmlessMarkdown(markdown ?? '', 3);
  expect(csv).toMatch(/\n"'=1\|<img/);
  // Pictures are named after stacks and workloads: all of them lie in their folder.
  expect(await readdir(folder)).toEqual(before);
  const pictures = await readdir(join(run, 'pictures'));
  expect(pictures.length).toBeGreaterThan(4);
  for (const name of pictures) {
    expect(name).toMatch(/^[a-z0-9-]+\.svg$/);
    const picture = await readFile(join(run, 'pictures', name), 'utf8');
    expect(picture).not.toContain('\u001b');
    expect(picture).not.toContain('<img');
  }
});

it('so does the report of imported files', () => {
  const load = importedLoad({ name: HOSTILE, files: [`${HOSTILE}.csv`] });
  const imported = importReport([load, { ...load, tool: 'k6', load: { mode: 'closed', concurrency: 9 } }]);
  expectHarmless(importedPage(imported));
  expectHarmlessMarkdown(importedMarkdown(imported), 2);
  expect(pointsCsv(imported.report)).toMatch(/\nimported,"'=1\|/);
});
