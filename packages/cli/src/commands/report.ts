import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, type Report, usageError } from '@servelab/core';
import {
  importedSummary,
  importReport,
  readLoads,
  terminalSummary,
  writeImported,
  writeReports,
} from '@servelab/lab';
import type { Invocation } from '../command.js';
import type { REPORT_OPTIONS } from '../report/report-options.js';

type Call = Invocation<typeof REPORT_OPTIONS>;

export async function report(call: Invocation<typeof REPORT_OPTIONS>): Promise<number> {
  const [first, ...rest] = call.positionals;
  if (first === 'import') return await importFiles(rest, call);
  if (first === undefined || rest.length > 0) {
    throw usageError(
      first === undefined ? 'no run is named' : 'more than one run is named',
      'Name one folder that "servelab bench" has written: servelab report RUN_DIR; or files of other tools: servelab report import FILE...',
    );
  }
  return await renderAgain(first, call);
}

async function renderAgain(folder: string, call: Call): Promise<number> {
  const written = await writeReports(folder);
  return await tell(terminalSummary(written), written.verdict, folder, call);
}

async function importFiles(files: readonly string[], call: Call): Promise<number> {
  if (files.length === 0) {
    throw usageError(
      'no result file is named',
      'Name files of Locust, of k6, or of "servelab load --json": servelab report import tmp/run_stats.csv tmp/run.json.',
    );
  }
  const { users, rate: rateRps, out } = call.options;
  const imported = importReport(await readLoads(files, { users, rateRps }));
  const { run_id, verdict } = imported.report;
  const folder = out ?? join('runs', run_id);
  await writeImported(imported, folder);
  return await tell(importedSummary(imported), verdict, folder, call);
}

/** Prints what is in the folder of a report: for programs all of it, for people its summary. */
async function tell(
  summary: string,
  { reasons, sentence }: Report['verdict'],
  folder: string,
  { options, terminal }: Call,
): Promise<number> {
  if (options.json) {
    terminal.out((await readFile(join(folder, 'report.json'), 'utf8')).trimEnd());
    return EXIT.ok;
  }
  terminal.out(summary);
  for (const reason of reasons) terminal.out(`note: ${reason}`);
  terminal.out(`verdict: ${sentence}\nreport: ${join(folder, 'report.html')}`);
  return EXIT.ok;
}
