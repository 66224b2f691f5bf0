import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { alignedTable } from '../packages/lab/src/report/text-tables.js';
import type { Figure } from '../test/oracles/figures.js';

/**
 * Lists the figures of the oracles, and what was skipped, by name and with its reason, and closes with one plain
 * line that people and programs can read: `N passed, N failed, N skipped`.
 *
 * @public named in vitest.config.ts
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string) => tests.filter((test) => test.result().state === state);
    // A file that cannot even be collected has no tests, and must not pass for that.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const figures = tests.flatMap((test) => test.meta().figures ?? []);
    if (figures.length > 0) console.log(`\n${figureTable(figures)}`);
    const skipped = inState('skipped');
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map(describe).join('\n')}`);
    console.log(
      `\n${inState('passed').length} passed, ${inState('failed').length + broken} failed, ${skipped.length} skipped`,
    );
  }
}

function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ oracle, measured, limit, outcome }) => [oracle, measured, limit, outcome]);
  return alignedTable([['oracle', 'measured', 'limit', ''], ...rows], [0, 2, 3]);
}

function describe(test: TestCase): string {
  const result = test.result();
  const reason = result.state === 'skipped' ? result.note : undefined;
  return `  ${test.module.relativeModuleId}: ${test.fullName}: ${reason ?? 'no reason given'}`;
}
