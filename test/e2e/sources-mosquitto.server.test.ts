/** A source on a real Mosquitto: the platform is killed at random while somebody publishes with QoS 1, and nothing is lost. */

import { rmSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMosquitto } from '../bench/lib/mosquitto.ts';
import { eventually, type Platform, register, startPlatform, temporaryFolder } from '../lib/platform.ts';

const MESSAGES = 6000;
const DEVICES = ['bin-1', 'bin-2', 'bin-3'];

const env = { SANSEVAERK_ALLOW_PRIVATE_TARGETS: 'yes' };
const dir = temporaryFolder();
let platform: Platform;
let broker: Awaited<ReturnType<typeof startMosquitto>>;

beforeAll(async () => {
  [platform, broker] = await Promise.all([startPlatform({ dir, env }), startMosquitto()]);
  await register(platform, DEVICES);
});
afterAll(async () => {
  expect(await platform.stop()).toBe(0);
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('loses nothing and counts nothing twice', { timeout: 90_000 }, async () => {
  await platform.api('PUT', '/sources/broker', {
    owner: 'testby',
    name: 'Mosquitto',
    kind: 'mqtt',
    settings: { url: `mqtt://127.0.0.1:${broker.port}`, topics: ['bins/{device}/data'], payload: 'json' },
  });
  await eventually(
    () => platform.api<{ state: { connection: string } }>('GET', '/sources/broker'),
    (s) => s.state.connection === 'connected',
  );
  const publisher = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  const base = Date.now() - 3_600_000;
  let sent = 0;
  const publishing = (async () => {
    while (sent < MESSAGES) {
      const group = Array.from({ length: 20 }, () => {
        const n = sent++;
        const body = JSON.stringify({ time: base + n * 500, fillingLevel: n % 100 });
        return publisher.publishAsync(`bins/${DEVICES[n % DEVICES.length]}/data`, body, { qos: 1 });
      });
      await Promise.all(group);
    }
  })();
  for (const part of [0.2, 0.6]) {
    await eventually(
      async () => sent,
      (n) => n > part * MESSAGES,
      30_000,
    );
    await platform.kill();
    platform = await startPlatform({ dir, env });
  }
  await publishing;
  await publisher.endAsync();
  const ledger = await eventually(
    () => platform.api<Record<string, number>>('GET', '/ledger'),
    (l) => (l.readings ?? 0) >= MESSAGES && l.pending === 0 && l.storePending === 0,
    45_000,
  );
  expect(ledger).toMatchObject({ readings: MESSAGES, rejected: 0, corrections: 0 });
});
