import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['services/**/*.test.ts', 'firmware-sim/**/*.test.ts', 'dashboards/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      'test/browser/**',
      'test/chaos/**',
      'test/bench/**',
      // Need a server beside them: `npm run test:engines`.
      'test/engines/**',
      'test/contract/series.*.test.ts',
      '**/*.server.test.ts',
    ],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'forks',
    // Much of the time is spent waiting for disks and sockets; one worker less than there are cores would leave them idle.
    maxWorkers: 3,
  },
});
