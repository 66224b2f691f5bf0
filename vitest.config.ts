import { defineConfig } from 'vitest/config';

const everywhere = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'];
const oracles = '**/*.oracle.test.ts';
const limits = { testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks' as const };

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
          exclude: [oracles],
          sequence: { groupOrder: 0 },
        },
      },
      // Oracles compare measured times with theory: each runs alone, after everything else.
      {
        test: {
          ...limits,
          name: 'oracles',
          include: [oracles],
          exclude: ['**/node_modules/**'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
