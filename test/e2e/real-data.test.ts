/** The real data sets over MQTT: every row is accounted for in the ledger. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasets, replay } from '../../firmware-sim/src/replay/replay.ts';
import { type Platform, startPlatform } from '../lib/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform({ env: { SANSEVAERK_DEVICE_RATE: 'off' } });
});
afterAll(async () => {
  expect(await platform.stop()).toBe(0);
});

describe('semantics: Ledger (real data)', () => {
  test.each(datasets.map((d) => [d.id, d] as const))(
    '%s: every row is accounted for',
    { timeout: 60_000 },
    async (_, dataset) => {
      const { expected, acked, differences, ledger } = await replay({
        dataset,
        apiUrl: platform.http,
        mqttUrl: `mqtt://127.0.0.1:${platform.mqttPort}`,
        adminToken: platform.adminToken,
      });
      expect(differences).toEqual([]);
      expect(acked).toBe(expected.rows);
      expect(ledger.decoded + ledger.rejected).toBe(expected.rows);
    },
  );
});
