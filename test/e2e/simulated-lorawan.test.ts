/** What the demo shows of LoRaWAN: two network servers' devices with readings, gateways with positions, a stranger to claim. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveLorawan, liveLorawan } from '../../firmware-sim/src/lorawan/live-lorawan.ts';
import { eventually, type Platform, startPlatform } from '../lib/platform.ts';

const SLOW_MS = 60_000;

interface Device {
  id: string;
  model: string;
  connection: { kind: string };
}

let platform: Platform;
let lorawan: LiveLorawan;
const stopping = new AbortController();
const problems: string[] = [];

beforeAll(async () => {
  platform = await startPlatform();
  for (const id of ['egholt', 'fjordvig'])
    await platform.api('PUT', `/organisations/${id}`, { name: id, kind: 'municipality' });
  lorawan = await liveLorawan({
    apiUrl: platform.http,
    adminToken: platform.adminToken,
    signal: stopping.signal,
    log: (line) => problems.push(line),
  });
}, SLOW_MS);
afterAll(async () => {
  stopping.abort();
  const { sent, taken } = await lorawan.done;
  expect(taken).toBe(sent);
  expect(await platform.stop()).toBe(0);
});

async function quantitiesOf(asset: string): Promise<string[]> {
  const { latest } = await platform.api<{ latest: { quantity: string }[] }>('GET', `/assets/${asset}`);
  return latest.map((l) => l.quantity);
}

describe('the LoRaWAN part of the demo', () => {
  it('every device of both servers has readings, and radio quality with them', { timeout: 2 * SLOW_MS }, async () => {
    const { items } = await platform.api<{ items: Device[] }>('GET', '/devices');
    const devices = items.filter((d) => d.connection.kind === 'lorawan');
    expect(devices).toHaveLength(lorawan.devices - lorawan.unknown.length);
    expect(devices.length).toBeGreaterThanOrEqual(6);
    for (const { id } of devices) {
      const own = (names: string[]) => names.filter((n) => n !== 'rssi' && n !== 'snr' && n !== 'lostUplinks');
      const seen = await eventually(
        () => quantitiesOf(id.slice('s-'.length)),
        (names) => names.includes('rssi') && names.includes('snr') && own(names).length >= 2,
        // A ring says little in half a day, and some of it is lost: its next frame comes within 45 s.
        2 * 45_000,
      );
      expect(own(seen), id).not.toEqual([]);
    }
  });

  it('gateways stand on the map and are heard', async () => {
    interface Gateway {
      location?: unknown;
      state: string;
      devices: number;
    }
    const { items } = await eventually(
      () => platform.api<{ items: Gateway[] }>('GET', '/gateways'),
      (answer) => answer.items.filter((g) => g.state === 'online' && g.devices > 1).length >= 2,
    );
    expect(items).toHaveLength(lorawan.gateways);
    expect(items.every((g) => g.location !== undefined)).toBe(true);
  });

  it('the one that nobody registered can be claimed, and what it sent is read again', async () => {
    const devEui = lorawan.unknown[0] ?? '';
    const { items } = await eventually(
      () => platform.api<{ items: { device: string; uplinks: number }[] }>('GET', '/devices/unknown'),
      ({ items: [first] }) => first !== undefined && first.uplinks > 5,
    );
    expect(items.map((d) => d.device)).toEqual([devEui]);
    await platform.api('PUT', '/assets/aa', { owner: 'egholt', type: 'water-level', name: 'Åen', attributes: {} });
    const claimed = await platform.api<{ ordered: number }>('POST', `/devices/unknown/${devEui}/claim`, {
      id: 'aa-1',
      owner: 'egholt',
      model: 'dragino-ldds75',
      asset: 'aa',
    });
    expect(claimed.ordered).toBeGreaterThan(5);
    await eventually(
      () => quantitiesOf('aa'),
      (names) => names.includes('distance'),
    );
  });

  it('a pressure cell at the bottom of a well gives a level below the cover', async () => {
    const { items } = await platform.api<{ items: Device[] }>('GET', '/devices');
    const well = items.find((d) => d.model === 'milesight-em500-swl')?.id.slice('s-'.length);
    const { latest } = await platform.api<{ latest: { quantity: string; value: number }[] }>('GET', `/assets/${well}`);
    expect(latest.find((l) => l.quantity === 'depthToWater')?.value).toBeGreaterThan(0.2);
  });

  it('nothing else was refused', async () => {
    const { items } = await platform.api<{ items: { reason: string; detail: string }[] }>('GET', '/rejects');
    expect(items.filter((r) => r.reason !== 'unknown-device')).toEqual([]);
    expect(problems).toHaveLength(1);
  });
});
