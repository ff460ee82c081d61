/** Readings of a vendor's cloud, a foreign broker and a push arrive once and whole, across a SIGKILL too. */

import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ForeignBroker, startForeignBroker } from '../../services/stages/connect/testing/foreign-broker.ts';
import { eventually, type Platform, register, startPlatform, temporaryFolder } from '../lib/platform.ts';
import { startVendorCloud, type VendorCloud } from '../lib/vendor-cloud.ts';

interface Ledger {
  readings: number;
  duplicates: number;
  rejected: number;
  pending: number;
  storePending: number;
}
interface Shown {
  state: { connection: string; detail?: string; messages: number; unknown: number };
}

const env = { SANSEVAERK_ALLOW_PRIVATE_TARGETS: 'yes' };
const dir = temporaryFolder();
let platform: Platform;
let cloud: VendorCloud;
let broker: ForeignBroker;

beforeAll(async () => {
  [platform, cloud, broker] = await Promise.all([
    startPlatform({ dir, env }),
    startVendorCloud({ client: { id: 'testby', secret: 'hemmelig' } }),
    startForeignBroker(),
  ]);
  await register(platform, ['bin-1', 'bin-2', 'bin-3']);
  for (const n of [1, 2, 3]) {
    const asset = await platform.api('GET', `/assets/bin-${n}`);
    const { owner, type, name, location, sharing } = asset;
    const externalIds = { acme: `ACME:${n}` };
    await platform.api('PUT', `/assets/bin-${n}`, { owner, type, name, location, sharing, externalIds });
  }
});
afterAll(async () => {
  expect(await platform.stop()).toBe(0);
  await Promise.all([cloud.stop(), broker.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

const base = Date.now() - 3_600_000;
const at = (i: number): string => new Date(base + i * 1000).toISOString();
const ledger = (): Promise<Ledger> => platform.api('GET', '/ledger');
const settled = (readings: number) =>
  eventually(ledger, (l) => l.readings === readings && l.pending === 0 && l.storePending === 0, 30_000);
const connected = (id: string) =>
  eventually(
    () => platform.api<Shown>('GET', `/sources/${id}`),
    (s) => s.state.connection === 'connected',
    30_000,
  );

describe('a vendor’s cloud', () => {
  test('is fetched page by page, and the same record fetched again counts once', async () => {
    for (let i = 0; i < 9; i++) cloud.records.push({ bin: `ACME:${(i % 3) + 1}`, measuredAt: at(i), level: i + 1 });
    await platform.api('PUT', '/sources/acme', {
      owner: 'testby',
      name: 'Acme',
      kind: 'http-pull',
      settings: {
        schedule: { everyMinutes: 10_000 },
        request: { url: `${cloud.url}/v1/measurements?from={from}&to={to}&page={page}` },
        authentication: {
          kind: 'oauth2',
          tokenUrl: `${cloud.url}/oauth/token`,
          clientId: 'testby',
          clientSecret: '{secret:CLIENT}',
        },
        paging: { kind: 'page' },
        window: { overlapMinutes: 600 },
        records: 'items.{"device": bin, "time": measuredAt, "fillingLevel": level}',
        deviceBy: 'externalId',
      },
      secrets: { CLIENT: 'hemmelig' },
    });
    await settled(9);
    const fetched = cloud.requests.length;
    await platform.api('POST', '/sources/acme/run', {});
    await eventually(ledger, (l) => l.duplicates === 9);
    expect(cloud.requests.length).toBeGreaterThan(fetched);
    expect(await settled(9)).toMatchObject({ duplicates: 9, rejected: 0 });
    expect(cloud.tokens).toHaveLength(1);
    const { points } = await platform.api<{ points: [string, number][] }>(
      'GET',
      `/assets/bin-2/readings?quantity=fillingLevel&from=${at(-10)}&to=${at(100)}`,
    );
    expect(points.map(([, value]) => value)).toEqual([2, 5, 8]);
  });

  test('loses nothing of a device nobody has registered: it is listed, and claiming it reads it', async () => {
    cloud.records.push({ bin: 'Ny', measuredAt: at(20), level: 33 });
    await platform.api('POST', '/sources/acme/run', {});
    const { items } = await eventually(
      () => platform.api<{ items: { device: string; owner: string }[] }>('GET', '/devices/unknown'),
      (unknown) => unknown.items.length > 0,
    );
    expect(items).toMatchObject([{ device: 'ny', owner: 'testby' }]);
    await platform.api('PUT', '/assets/ny', { owner: 'testby', type: 'waste-container', name: 'Ny' });
    const claim = { id: 'ny', owner: 'testby', model: 'generic-json', asset: 'ny' };
    await platform.api('POST', '/devices/unknown/ny/claim', claim);
    expect(await settled(10)).toMatchObject({ rejected: 0 });
  });
});

describe('a foreign broker', () => {
  test('is acknowledged once it is on disk: a SIGKILL loses nothing', async () => {
    await platform.api('PUT', '/sources/broker', {
      owner: 'testby',
      name: 'Mægler',
      kind: 'mqtt',
      settings: {
        url: `mqtt://127.0.0.1:${broker.port}`,
        topics: ['bins/{device}/data'],
        payload: 'mapped',
        records: '{"time": t, "fillingLevel": pct}',
      },
    });
    await connected('broker');
    const sent = 60;
    for (let i = 0; i < sent; i++) {
      await broker.publish(`bins/bin-${(i % 3) + 1}/data`, JSON.stringify({ t: at(100 + i), pct: i % 100 }));
      if (i === 30) {
        await platform.kill();
        platform = await startPlatform({ dir, env });
      }
    }
    expect(await settled(10 + sent)).toMatchObject({ rejected: 0 });
  });
});

describe('bytes from a foreign broker', () => {
  test('are read by the codec of the device', async () => {
    await platform.api('PUT', '/assets/em', { owner: 'testby', type: 'waste-container', name: 'EM400' });
    const connection = { kind: 'mqtt' };
    await platform.api('PUT', '/devices/em', {
      owner: 'testby',
      model: 'milesight-em400-mud',
      asset: 'em',
      connection,
    });
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const settings = { url, topics: ['raw/{device}'], payload: 'bytes' };
    await platform.api('PUT', '/sources/raw', { owner: 'testby', name: 'Bytes', kind: 'mqtt', settings });
    await connected('raw');
    await broker.publish('raw/em', Buffer.from('0367ceff04823b01050000', 'hex'));
    const { latest } = await eventually(
      () => platform.api<{ latest: { quantity: string; value: number }[] }>('GET', '/assets/em'),
      (asset) => asset.latest.length >= 3,
    );
    const values = Object.fromEntries(latest.map(({ quantity, value }) => [quantity, value]));
    expect(values).toMatchObject({ temperature: -5, distance: 315 });
  });
});

describe('a push', () => {
  test('is answered once it is on disk, and sent again it counts once', async () => {
    await platform.api('PUT', '/sources/skub', {
      owner: 'testby',
      name: 'Skub',
      kind: 'http-push',
      settings: { records: '*.{"device": sensor, "time": $toMillis(ts), "fillingLevel": value}' },
    });
    const { token, url } = await platform.api<{ token: string; url: string }>('POST', '/sources/skub/token', {});
    const body = JSON.stringify([
      { sensor: 'bin-1', ts: at(500), value: 1 },
      { sensor: 'bin-2', ts: at(500), value: 2 },
    ]);
    const push = () =>
      fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body,
        signal: AbortSignal.timeout(10_000),
      });
    const before = await ledger();
    expect([(await push()).status, (await push()).status]).toEqual([202, 202]);
    const after = await settled(before.readings + 2);
    expect(after.duplicates - before.duplicates).toBe(2);
  });
});

test('nothing of a secret is in what the platform logs', () => {
  expect(platform.stderr()).not.toContain('hemmelig');
});
