import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['services/**/*.test.ts', 'firmware-sim/**/*.test.ts', 'dashboards/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/browser/**', 'test/engines/**', 'test/chaos/**', 'test/bench/**'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'forks',
    // Much of the time is spent waiting for disks and sockets; one worker less than there are cores would leave them idle.
    maxWorkers: 3,
  },
});
