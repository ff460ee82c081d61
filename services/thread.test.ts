import { expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { createThread } from './thread.ts';

it('readiness names the thread of an alert, so that those of two threads do not hide each other', async () => {
  const config = readConfig({ SANSEVAERK_LOG_LEVEL: 'silent' });
  const [door, work] = (['door', 'work'] as const).map((name) =>
    createThread({ name, roles: [], config, links: { serves: {}, uses: {} } }, () => {}),
  );
  door!.ops.alerts.raise('directory-stale', 'in the door'); // two threads were made
  work!.ops.alerts.raise('directory-stale', 'in the work'); // as above
  expect({ ...(await door!.health()), ...(await work!.health()) }).toEqual({
    'alert directory-stale (door)': { ok: false, detail: 'in the door' },
    'alert directory-stale (work)': { ok: false, detail: 'in the work' },
  });
});
