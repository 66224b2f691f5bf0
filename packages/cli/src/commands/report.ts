import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, type OptionTable, type Report, usageError } from '@servelab/core';
import {
  importedSummary,
  importReport,
  readLoads,
  terminalSummary,
  writeImported,
  writeReports,
} from '@servelab/lab';
import { defineCommand, type Invocation } from '../command.js';

const OPTIONS = {
  json: { type: 'boolean', default: false, doc: 'Print report.json on standard output and nothing else.' },
  out: {
    type: 'string',
    default: null,
    placeholder: 'DIR',
    doc: 'With import: write the report there (default: a folder in runs/ named after the files’ content).',
  },
  users: {
    type: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    doc: 'With import: users of a closed loop, for files that do not say it.',
  },
  rate: {
    type: 'number',
    default: null,
    min: 0.01,
    max: 1_000_000,
    placeholder: 'R',
    doc: 'With import: requests a second of an open loop, for files of k6 that do not say it.',
  },
} as const satisfies OptionTable;

type Call = Invocation<typeof OPTIONS>;

export const report = defineCommand({
  positionals: 'RUN_DIR | import FILE...',
  options: OPTIONS,
  async run(call) {
    const [first, ...rest] = call.positionals;
    if (first === 'import') return await importFiles(rest, call);
    if (first === undefined || rest.length > 0) {
      throw usageError(
        first === undefined ? 'no run is named' : 'more than one run is named',
        'Name one folder that "servelab bench" has written: servelab report RUN_DIR; or files of other tools: servelab report import FILE...',
      );
    }
    return await renderAgain(first, call);
  },
});

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
