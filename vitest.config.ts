import { defineConfig } from 'vitest/config';

const everywhere = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'];
/** Tests that measure, or compare measured times with theory: one at a time, after everything else. */
const alone = [
  'test/oracles/**/*.test.ts',
  'test/faults/overload.test.ts',
  'test/e2e/bench.test.ts',
  'test/e2e/peers-bench.test.ts',
  'test/e2e/referee-flags.test.ts',
  'test/e2e/loadtest.test.ts',
];
const limits = { testTimeout: 240_000, hookTimeout: 240_000, pool: 'forks' as const };

// Packages import each other through node_modules, so from `dist`: build first (`make test` does).
export default defineConfig({
  test: {
    reporters: ['default', './scripts/summary-reporter.ts'],
    projects: [
      {
        test: {
          ...limits,
          name: 'tests',
          include: everywhere,
          exclude: ['**/node_modules/**', ...alone],
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...limits, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
