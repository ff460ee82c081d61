import { expect, test } from 'vitest';
import { Cleanup } from './cleanup.ts';
import { createLogger } from './ops/logger.ts';

test('steps run newest first, and a failing or stuck one does not stop the others', async () => {
  const done: string[] = [];
  const cleanup = new Cleanup();
  cleanup.add('first', () => void done.push('first'));
  cleanup.add('stuck', () => new Promise(() => {}));
  cleanup.add('failing', () => {
    throw new Error('no');
  });
  cleanup.add('last', async () => void done.push('last'));
  const logger = createLogger('silent');
  await Promise.all([cleanup.run(logger, 20), cleanup.run(logger, 20)]);
  expect(done).toEqual(['last', 'first']);
});
