import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, usageError } from '@servelab/core';
import { terminalSummary, writeReports } from '@servelab/lab';
import { defineCommand } from '../command.js';

export const report = defineCommand({
  positionals: 'RUN_DIR',
  options: {
    json: { type: 'boolean', default: false, doc: 'Print report.json on standard output and nothing else.' },
  },
  async run({ positionals, options, terminal }) {
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) {
      throw usageError(
        folder === undefined ? 'no run is named' : 'more than one run is named',
        'Name one folder that "servelab bench" has written: servelab report RUN_DIR.',
      );
    }
    const written = await writeReports(folder);
    const { verdict } = written;
    if (options.json) {
      terminal.out((await readFile(join(folder, 'report.json'), 'utf8')).trimEnd());
      return EXIT.ok;
    }
    terminal.out(terminalSummary(written));
    for (const reason of verdict.reasons) terminal.out(`note: ${reason}`);
    terminal.out(`verdict: ${verdict.sentence}\nreport: ${join(folder, 'report.html')}`);
    return EXIT.ok;
  },
});
