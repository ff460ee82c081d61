/** Readings with numbers a test can compute for itself: every asset type, every quantity, two owners, six hours. */

import { catalogue } from '../../../services/knowledge/catalogue/catalogue.ts';
import type { Quantity } from '../../../services/model/catalogue.ts';

/** 2026-03-02T06:00:00Z to 12:00Z: an even hour, so that steps of an hour begin where Grafana's do. */
export const FROM = Date.UTC(2026, 2, 2, 6);
export const TO = Date.UTC(2026, 2, 2, 12);
const STEP = 10 * 60_000;
const READINGS = (TO - FROM) / STEP;
const LATEST = [0, 25, 50, 1, 30, 49];
export const OWNERS = ['norreby', 'sonderby'] as const;
const ASSETS_OF_AN_OWNER = 3;
const DEVICE = ['batteryLevel', 'batteryVoltage', 'rssi', 'snr', 'lostUplinks'];
const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  vehicleCount: ['north', 'south'],
  peopleCount: ['inbound', 'outbound'],
  soilMoistureVwc: ['30cm', '60cm'],
  current: ['L1', 'L2'],
  powerState: ['circuit1', 'circuit2'],
  averageVehicleSpeed: ['', 'north'],
};

export interface Row {
  type: string;
  owner: string;
  asset: string;
  /** With its channel. */
  quantity: string;
  time: number;
  value: number;
  received: number;
}

export function seedRows(): Row[] {
  const rows: Row[] = [];
  for (const type of catalogue.assetTypes)
    for (const [o, owner] of OWNERS.entries())
      for (let a = 0; a < ASSETS_OF_AN_OWNER; a++)
        for (const [q, name] of quantitiesOn(type.id).entries()) {
          const quantity = catalogue.quantity(name);
          if (!quantity) throw new Error(`no quantity ${name}`);
          // Between the steps, and not the same for each asset: no value on the edge of an interval.
          let n = 0;
          for (let time = FROM + STEP / 2 + 1000 * a; time < TO; time += STEP, n++)
            rows.push({
              type: type.id,
              owner,
              // A dot in an id must not stand for any letter.
              asset: `${type.id}.${o + 1}${a + 1}`,
              quantity: name,
              time,
              value: seededValue(quantity, n, o * ASSETS_OF_AN_OWNER + a, q),
              received: time + 1500,
            });
        }
  return rows;
}

function quantitiesOn(type: string): string[] {
  const entry = catalogue.assetType(type);
  const own = [...(entry?.quantities ?? []), ...(entry?.derived ?? []).map(({ quantity }) => quantity)];
  return [...new Set([...own, ...DEVICE])].flatMap((name) =>
    (CHANNELS[name] ?? ['']).map((channel) => (channel ? `${name}.${channel}` : name)),
  );
}

function seededValue({ kind, states, range, unit }: Quantity, n: number, asset: number, salt: number): number {
  if (kind === 'state') return (READINGS - 1 - n + Math.min(asset, 5 - asset)) % (states?.length ?? 1);
  // Far from nothing, so that no engine takes the first value for a rise from zero.
  if (kind === 'counter') return 50_000 + n * (asset + 1) + salt;
  if (kind === 'interval') return ((n * 3 + asset * 5 + salt) % 17) + 1;
  const low = Math.max(range?.[0] ?? 0, -5);
  const high = Math.min(range?.[1] ?? 100, unit === '[ppm]' ? 2000 : 100);
  // The latest values of an owner go from the least to the most, so that each limit is passed by some and not by others.
  const share = ((LATEST[asset] ?? 0) + (READINGS - 1 - n) * 13) % 51;
  return Math.round((low + ((high - low) * share) / 50) * 100) / 100;
}

/** The schema of services/engines/series/line-protocol/encode-lines.ts, written out: this is what others rely on. */
export function lineOf({ type, owner, asset, quantity, time, value, received }: Row): string {
  return `${type},asset=${asset},owner=${owner},quantity=${quantity} marks=0,received=${received},revision=0,uplink=1,value=${value} ${time}`;
}

/** A value that was retracted on a server which cannot delete: nobody may see it. */
export function retractedLineOf(row: Row): string {
  return lineOf({ ...row, time: row.time + 777, value: 88_888, received: row.received + 99_999_999 }).replace(
    'marks=0',
    'marks=16',
  );
}
