/** The tests that need servers: `vitest run --config test/engines/vitest.config.ts`, as run.ts does it. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/engines/**/*.test.ts', 'test/contract/**/*.test.ts', '**/*.server.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Each file starts servers of its own, beside which two cores are few.
    maxWorkers: 2,
  },
});
