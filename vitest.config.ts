import { defineConfig } from 'vitest/config';
import './scripts/data-sources.mjs';
import { plainEnvironment } from './test/fixtures/plain-environment.js';

plainEnvironment(process.env);

const everywhere = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'];
/** Tests that hold what they measure against theory, or need a machine's memory or cores: one at a time, after everything else. */
const alone = ['test/oracles/**/*.test.ts', 'test/attacks/*.test.ts', 'test/e2e/referee-flags.test.ts'];
/** Ends what hangs, and no more: a busy machine takes several times as long as a quiet one. */
const timeoutMs = 600_000;
/** A condition that must come is waited for until then; a second, as is usual, is no time on a busy machine. */
const pollTimeoutMs = 60_000;
const limits = {
  testTimeout: timeoutMs,
  hookTimeout: timeoutMs,
  expect: { poll: { timeout: pollTimeoutMs } },
  pool: 'forks' as const,
};

// Packages import each other through node_modules, so from `dist`: build first (`make test` does).
export default defineConfig({
  test: {
    reporters: ['default', './scripts/summary-reporter.ts'],
    // Of each package by its own tests: packages load each other's dist, whose mapped lines would not add up with those
    // of the sources. Processes that tests start are not counted.
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.fixture.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
    },
    projects: [
      {
        test: {
          ...limits,
          name: 'tests',
          include: everywhere,
          exclude: ['**/node_modules/**', ...alone],
          // They wait more than they compute.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...limits, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
