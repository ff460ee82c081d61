/** LoRaWAN from end to end: network servers as they publish and post, the whole platform as a process, readings by the API. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ForeignBroker, startForeignBroker } from '../../services/stages/connect/testing/foreign-broker.ts';
import { eventually, type Platform, startPlatform, temporaryFolder } from '../lib/platform.ts';

const PASSWORD = 'password-of-the-network-server';
const BINS = { chirp: '24e124136b500001', ttn: '24e124136b500002' } as const;
const SLOW_MS = 60_000;

const began = Date.now() - 3_600_000;

let dir: string;
let platform: Platform;
let broker: ForeignBroker;

beforeAll(async () => {
  dir = temporaryFolder();
  broker = await startForeignBroker({ login: { username: 'sansevaerk', password: PASSWORD } });
  platform = await startPlatform({ dir });
  await platform.api('PUT', '/organisations/testby', { name: 'Testby', kind: 'municipality' });
  for (const [networkServer, devEui] of Object.entries(BINS)) {
    const asset = {
      owner: 'testby',
      type: 'waste-container',
      name: networkServer,
      attributes: {},
      sharing: 'internal',
    };
    await platform.api('PUT', `/assets/bin-${networkServer}`, asset);
    await platform.api('PUT', `/devices/bin-${networkServer}`, {
      owner: 'testby',
      model: 'milesight-em400-mud',
      asset: `bin-${networkServer}`,
      connection: { kind: 'lorawan', devEui, networkServer },
    });
  }
  await platform.api('PUT', '/network-servers/chirp', {
    owner: 'testby',
    name: 'ChirpStack',
    kind: 'chirpstack',
    transport: 'mqtt',
    url: `mqtt://127.0.0.1:${broker.port}`,
    username: 'sansevaerk',
    password: PASSWORD,
  });
}, SLOW_MS);
afterAll(async () => {
  await platform.stop();
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** EM400-MUD: channel 04 82, distance in millimetres, little-endian. */
const frame = (mm: number): string => Buffer.of(0x04, 0x82, mm & 255, mm >> 8).toString('base64');

async function publish(mm: number): Promise<void> {
  const up = {
    deduplicationId: randomUUID(),
    // A second apart each: two values of one instant would be one.
    time: new Date(began + mm * 1000).toISOString(),
    deviceInfo: { applicationId: 'app-1', deviceName: 'Spand', devEui: BINS.chirp, tags: {} },
    devAddr: '01a4c7f2',
    fCnt: mm,
    fPort: 85,
    confirmed: false,
    data: frame(mm),
    rxInfo: [{ gatewayId: '24e124fffef41a01', rssi: -104, snr: -4.2 }],
  };
  await broker.publish(`application/app-1/device/${BINS.chirp}/event/up`, JSON.stringify(up));
}

async function distances(asset: string): Promise<number[]> {
  const { points } = await platform.api<{ points: [string, number][] }>(
    'GET',
    `/assets/${asset}/readings?quantity=distance&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z`,
  );
  return points.map(([, value]) => value);
}

const stateOf = async (id: string) =>
  (await platform.api<{ state: { connection: string; messages: number } }>('GET', `/network-servers/${id}`)).state;

describe('a network server over MQTT', () => {
  it(
    'is connected within seconds of being added, and its frames are readings',
    async () => {
      await eventually(
        () => stateOf('chirp'),
        (state) => state.connection === 'connected',
      );
      await publish(1200);
      expect(
        await eventually(
          () => distances('bin-chirp'),
          (d) => d.length === 1,
        ),
      ).toEqual([1200]);
      expect((await stateOf('chirp')).messages).toBe(1);
      const metrics = await platform.api<string>('GET', '/metrics');
      expect(metrics).toContain('sansevaerk_network_server_connected{server="chirp"} 1');
      expect(metrics).toContain('sansevaerk_network_server_messages_total{server="chirp"} 1');
    },
    SLOW_MS,
  );

  it(
    'loses nothing while the platform is killed: what waits at the broker comes with the next start',
    async () => {
      const { adminToken } = platform;
      await platform.kill();
      await publish(1201);
      await publish(1202);
      platform = await startPlatform({ dir });
      expect(platform.adminToken).toBe(adminToken);
      const all = await eventually(
        () => distances('bin-chirp'),
        (d) => d.length >= 3,
      );
      expect(all).toEqual([1200, 1201, 1202]);
    },
    SLOW_MS,
  );

  it(
    'follows a change within a second or two, and is left when it is removed',
    async () => {
      const change = (more: object) =>
        platform.api('PUT', '/network-servers/chirp', {
          owner: 'testby',
          name: 'ChirpStack',
          kind: 'chirpstack',
          transport: 'mqtt',
          url: `mqtt://127.0.0.1:${broker.port}`,
          username: 'sansevaerk',
          ...more,
        });
      await change({ password: 'not-right' });
      await eventually(
        () => stateOf('chirp'),
        (state) => state.connection === 'failed',
      );
      await change({ password: PASSWORD });
      await eventually(
        () => stateOf('chirp'),
        (state) => state.connection === 'connected',
      );
      await change({ enabled: false });
      await eventually(
        async () => broker.clients.length,
        (n) => n === 0,
      );
      expect((await stateOf('chirp')).connection).toBe('off');
      await change({ enabled: true });
      await eventually(
        async () => broker.clients.length,
        (n) => n === 1,
      );
      await platform.api('DELETE', '/network-servers/chirp?confirm=chirp');
      await eventually(
        async () => broker.clients.length,
        (n) => n === 0,
      );
      expect(broker.unsubscribed.at(-1)).toBe('application/+/device/+/event/#');
    },
    SLOW_MS,
  );
});

describe('a network server that posts', () => {
  it(
    'is answered once its message is on disk, with the token made for it, and neither is ever logged',
    async () => {
      await platform.api('PUT', '/network-servers/ttn', {
        owner: 'testby',
        name: 'The Things Stack',
        kind: 'tts',
        transport: 'http',
      });
      const { token, url } = await platform.api<{ token: string; url: string }>(
        'POST',
        '/network-servers/ttn/token',
        {},
      );
      const body = {
        end_device_ids: {
          device_id: 'bin',
          application_ids: { application_id: 'app' },
          dev_eui: BINS.ttn.toUpperCase(),
        },
        received_at: new Date().toISOString(),
        uplink_message: { session_key_id: 'AYx', f_port: 85, f_cnt: 7, frm_payload: frame(900), rx_metadata: [] },
      };
      const post = async (with_: string) =>
        (
          await fetch(`${url}/up`, {
            method: 'POST',
            headers: { authorization: `Bearer ${with_}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
        ).status;
      expect(await post('svk_wrong')).toBe(401);
      expect(await post(token)).toBe(204);
      // The Things Stack posts again what was not answered in time: that counts once.
      expect(await post(token)).toBe(204);
      expect(
        await eventually(
          () => distances('bin-ttn'),
          (d) => d.length > 0,
        ),
      ).toEqual([900]);
      const ledger = await eventually(
        () => platform.api<{ pending: number; redelivered: number }>('GET', '/ledger'),
        (l) => l.pending === 0,
      );
      expect(ledger.redelivered).toBe(1);
      expect(await stateOf('ttn')).toMatchObject({ connection: 'connected', messages: 2 });
      expect(platform.stderr()).toContain('the token is not right');
      for (const secret of [token, 'svk_wrong', PASSWORD]) expect(platform.stderr()).not.toContain(secret);
    },
    SLOW_MS,
  );
});
