/** A move from OS2iot from end to end: import, the doors its devices call, its decoders in the sandbox, both compared. */
import { globSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTTP_DEVICE_KEY, OS2IOT_KEY, type Os2iotServer, startOs2iot } from '../lib/os2iot-server.ts';
import { eventually, type Platform, startPlatform, temporaryFolder } from '../lib/platform.ts';

const SLOW_MS = 60_000;
const EUI = 'a81758fffe012345';

let dir: string;
let os2iot: Os2iotServer;
let platform: Platform;

const importAll = () =>
  platform.api<{ counts: Record<string, number> }>('POST', '/os2iot/import', {
    url: os2iot.url,
    apiKey: OS2IOT_KEY,
    owner: 'egeby',
    dryRun: false,
    mapping: { '5': { type: 'water-level' } },
    networkServer: 'chirp',
  });

beforeAll(async () => {
  dir = temporaryFolder();
  os2iot = await startOs2iot();
  const env = { SANSEVAERK_ALLOW_PRIVATE_TARGETS: 'yes', SANSEVAERK_LOG_LEVEL: 'debug' };
  platform = await startPlatform({ dir, env });
  await platform.api('PUT', '/organisations/egeby', { name: 'Egeby', kind: 'municipality', municipalityCode: '0799' });
  const server = { owner: 'egeby', name: 'ChirpStack', kind: 'chirpstack', transport: 'http' };
  await platform.api('PUT', '/network-servers/chirp', server);
  const { counts } = await importAll();
  expect(counts).toEqual({ create: 7, update: 0, same: 2, skip: 3, refuse: 0 });
}, SLOW_MS);
afterAll(async () => {
  await platform.stop();
  await os2iot.close();
  rmSync(dir, { recursive: true, force: true });
});

/** As a device does it: no token, no header of ours. */
async function post(path: string, body: unknown): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) };
  const response = await fetch(platform.http + path, init);
  return { status: response.status, text: await response.text() };
}

const latest = (device: string, quantity: string) =>
  eventually(
    () => platform.api<{ latest: { quantity: string; value: number }[] }>('GET', `/assets/os2iot-egeby-${device}`),
    (asset) => asset.latest.some((l) => l.quantity === quantity),
  ).then((asset) => asset.latest.find((l) => l.quantity === quantity)?.value);

describe('a move from OS2iot', () => {
  it('takes what a device posts with the key it has', { timeout: SLOW_MS }, async () => {
    const path = `/api/v1/receive-data?apiKey=${HTTP_DEVICE_KEY}`;
    expect(await post(path, { fillingLevel: 41 })).toEqual({ status: 204, text: '' });
    expect(await latest('12', 'fillingLevel')).toBe(41);
    const { status, text } = await post(path.replace('5f0c', '6f0c'), { fillingLevel: 99 });
    expect([status, JSON.parse(text)]).toEqual([
      403,
      { statusCode: 403, message: 'MESSAGE.DEVICE-DOES-NOT-EXIST', error: 'Forbidden' },
    ]);
  });

  it('runs its decoders unchanged: on a message of ChirpStack and on a callback of Sigfox', {
    timeout: SLOW_MS,
  }, async () => {
    const { token } = await platform.api<{ token: string }>('POST', '/network-servers/chirp/token');
    const up = {
      deduplicationId: 'e7a1c1d2-0000-4000-8000-000000000001',
      time: new Date().toISOString(),
      deviceInfo: { applicationId: 'app-1', deviceName: 'Torvet 1', devEui: EUI, tags: {} },
      devAddr: '01a4c7f2',
      fCnt: 7,
      fPort: 5,
      confirmed: false,
      data: Buffer.of(73).toString('base64'),
      rxInfo: [{ gatewayId: '0016c001f1500812', rssi: -104, snr: -4.2 }],
    };
    await platform.api('POST', '/network-servers/chirp/events?event=up', up, { token });
    expect(await latest('11', 'fillingLevel')).toBe(73);
    const callback = { deviceTypeId: '5e74c2d8a1b2c3d4e5f60718', deviceId: '1A2B3C', data: '00d7', seqNumber: 7 };
    const time = Math.floor(Date.now() / 1000);
    const path = `/api/v1/sigfox-callback/data/bidir?apiKey=${callback.deviceTypeId}`;
    expect((await post(path, { ...callback, time, ack: false })).status).toBe(204);
    expect(await latest('13', 'temperature')).toBe(21.5);
  });

  it('compares both while both run', { timeout: SLOW_MS }, async () => {
    await latest('11', 'fillingLevel');
    const reader = { organisation: 'egeby', name: 'OS2iot', role: 'reader' };
    const { token } = await platform.api<{ token: string }>('POST', '/tokens', reader);
    // What the decoder answers there, as the data target posts it.
    const decoded = { deviceEUI: EUI, fillingLevel: 73, name: 'Torvet 1' };
    await platform.api('POST', '/os2iot/feed', decoded, { token });
    await platform.api('POST', '/os2iot/feed', { name: 'Havnen 4', fillingLevel: 44 }, { token });
    const { items } = await platform.api<{ items: { device: string; state: string }[] }>(
      'GET',
      '/os2iot/comparison?owner=egeby',
    );
    const states = Object.fromEntries(items.map(({ device, state }) => [device.slice(-2), state]));
    expect(states).toEqual({ '11': 'same', '12': 'different', '13': 'only-here', '21': 'silent' });
  });

  it('changes nothing when it is done again', { timeout: SLOW_MS }, async () => {
    expect((await importAll()).counts).toEqual({ create: 0, update: 0, same: 9, skip: 3, refuse: 0 });
  });

  it('left no key in any log or file', { timeout: SLOW_MS }, async () => {
    const files = globSync('**/*', { cwd: dir }).filter((file) => statSync(join(dir, file)).isFile());
    expect(files.length).toBeGreaterThan(3);
    const written = [platform.stderr(), ...files.map((file) => readFileSync(join(dir, file), 'latin1'))];
    for (const key of [HTTP_DEVICE_KEY, OS2IOT_KEY]) expect(written.filter((text) => text.includes(key))).toEqual([]);
  });
});
