import { EXIT, type OptionTable, usageError } from '@servelab/core';
import {
  compareRuns,
  comparisonMarkdown,
  comparisonText,
  goneWords,
  passes,
  readReport,
  unlikeParts,
} from '@servelab/lab';
import { defineCommand } from '../command.js';
import { parsePercent } from '../compare/parse-percent.js';

const OPTIONS = {
  metric: {
    type: 'list',
    default: null,
    doc: 'Figures to compare: mean, p50, p95, p99, throughput, goodput (default: p95 at open rates, goodput at closed levels).',
  },
  maxRegression: {
    type: 'string',
    default: '5%',
    placeholder: 'PERCENT',
    doc: 'Loss that does not count; a significant one above it ends with exit code 1.',
  },
  unlike: {
    type: 'boolean',
    default: false,
    doc: 'Compare although machine, model, images or SLO differ.',
  },
  allowMissing: {
    type: 'boolean',
    default: false,
    doc: 'Accept that stacks or loads of the first run are missing in the second (default: exit code 1).',
  },
  markdown: { type: 'boolean', default: false, doc: 'Print Markdown, for a comment on a pull request.' },
  json: {
    type: 'boolean',
    default: false,
    doc: 'Print one JSON document on standard output and nothing else.',
  },
} as const satisfies OptionTable;

export const compare = defineCommand({
  positionals: 'RUN_A RUN_B',
  options: OPTIONS,
  async run({ positionals, options, terminal }) {
    const [pathBefore, pathAfter, ...more] = positionals;
    if (pathBefore === undefined || pathAfter === undefined || more.length > 0) {
      throw usageError(
        `compare takes two runs, and ${positionals.length} ${positionals.length === 1 ? 'is' : 'are'} named`,
        'Name the older run first: servelab compare RUN_A RUN_B.',
      );
    }
    const maxRegressionPct = parsePercent('--max-regression', options.maxRegression);
    const [before, after] = await Promise.all([readReport(pathBefore), readReport(pathAfter)]);
    const unlike = unlikeParts(before, after);
    if (unlike.length > 0 && !options.unlike) {
      const parts = unlike.map((one) => `${one.part} (${one.before} before, ${one.after} after)`);
      throw usageError(
        `the runs were made under different conditions: ${parts.join('; ')}`,
        'Measure both under the same, or add --unlike to compare all the same.',
      );
    }
    const comparison = compareRuns(before, after, { metrics: options.metric ?? [], maxRegressionPct });
    if (comparison.rows.length === 0) {
      throw usageError(
        `the runs have no stack and load in common (${comparison.gone.map(goneWords).join('; ')})`,
        'Open rates follow from the measured capacity unless they are given: measure both with the same --rates and --levels.',
      );
    }
    const { allowMissing } = options;
    const account = {
      before: pathBefore,
      after: pathAfter,
      maxRegressionPct,
      comparison,
      unlike,
      allowMissing,
    };
    if (options.json)
      terminal.out(JSON.stringify({ ...account, before: before.run_id, after: after.run_id }));
    else terminal.out(options.markdown ? comparisonMarkdown(account) : comparisonText(account));
    return passes(account) ? EXIT.ok : EXIT.thresholdFailed;
  },
});
