import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { alignedTable } from '../packages/lab/src/report/text-tables.js';
import type { Figure } from '../test/oracles/figures.js';

/**
 * Lists the figures of the oracles, the slowest files, what was skipped and what failed, by name and with its reason, and
 * closes with one plain line that people and programs can read: `N passed, N failed, N skipped`.
 *
 * @public named in vitest.config.ts
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string) => tests.filter((test) => test.result().state === state);
    // A file that cannot even be collected has no tests, and must not pass for that.
    const broken = modules.filter((module) => module.errors().length > 0);
    const figures = tests.flatMap((test) => test.meta().figures ?? []);
    if (figures.length > 0) console.log(`\n${figureTable(figures)}`);
    const skipped = inState('skipped');
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map(describe).join('\n')}`);
    console.log(`\nSlowest files:\n${slowestFiles(modules).join('\n')}`);
    const failed = inState('failed');
    const failures = [...failed.map(describe), ...broken.map(describeBroken)];
    // Last, as whoever sees only the end of a log needs these most.
    if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}`);
    console.log(`\n${inState('passed').length} passed, ${failures.length} failed, ${skipped.length} skipped`);
  }
}

function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ oracle, measured, limit, outcome }) => [oracle, measured, limit, outcome]);
  return alignedTable([['oracle', 'measured', 'limit', ''], ...rows], [0, 2, 3]);
}

const SLOWEST_COUNT = 12;

function slowestFiles(modules: readonly TestModule[]): string[] {
  return modules
    .map((module) => ({ id: module.relativeModuleId, durationMs: module.diagnostic().duration }))
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST_COUNT)
    .map(({ id, durationMs }) => `  ${(durationMs / 1000).toFixed(0).padStart(5)} s  ${id}`);
}

function describe(test: TestCase): string {
  const result = test.result();
  const reason = result.state === 'skipped' ? result.note : shortMessage(result.errors ?? []);
  return `  ${test.module.relativeModuleId}: ${test.fullName}: ${reason ?? 'no reason given'}`;
}

function describeBroken(module: TestModule): string {
  return `  ${module.relativeModuleId}: ${shortMessage(module.errors())}`;
}

/** The first error on one line; the whole of it stands where the test failed. */
function shortMessage(errors: readonly { message: string }[]): string | undefined {
  return errors[0]?.message.replace(/\s+/g, ' ').slice(0, 600);
}
