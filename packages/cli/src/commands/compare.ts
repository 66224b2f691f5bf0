import { EXIT, usageError } from '@servelab/core';
import {
  compareRuns,
  comparisonMarkdown,
  comparisonText,
  goneWords,
  passes,
  readReport,
  unlikeParts,
} from '@servelab/lab';
import type { Invocation } from '../command.js';
import type { COMPARE_OPTIONS } from '../compare/compare-options.js';
import { parsePercent } from '../compare/parse-percent.js';

export async function compare({
  positionals,
  options,
  terminal,
}: Invocation<typeof COMPARE_OPTIONS>): Promise<number> {
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
  if (options.json) terminal.out(JSON.stringify({ ...account, before: before.run_id, after: after.run_id }));
  else terminal.out(options.markdown ? comparisonMarkdown(account) : comparisonText(account));
  return passes(account) ? EXIT.ok : EXIT.thresholdFailed;
}
