/** For tests of the platform: a count that rises by one in each message, so that a lost or doubled one shows by itself. */
import type { Kind } from '../kind.ts';

export const sequence: Kind = {
  id: 'sequence',
  assetType: 'pump',
  label: { da: 'løbenummer til afprøvning', en: 'sequence for tests' },
  attributes: () => ({}),
  create() {
    let count = 0;
    return { intervalSeconds: 1, sample: () => ({ startCount: ++count }) };
  },
};
