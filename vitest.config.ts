import { defineConfig } from 'vitest/config';

// Packages import each other through node_modules, so from `dist`: build first (`make test` does).
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
