/** Frames that decoders elsewhere have read: ours find the same, in our quantities. See test/cases/lorawan-codec-vectors. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DeviceModel } from '../../../model/catalogue.ts';
import { Rejected } from '../../../model/errors.ts';
import { catalogue } from '../../catalogue/catalogue.ts';
import { modelReadings } from './testing/model-readings.ts';

type Value = number | string | boolean | null;
type Data = Record<string, Value | { value: Value }>;

interface Emit {
  topic?: string;
  data?: Data;
  timestamp?: string;
}

interface Vector {
  device: string;
  description: string;
  fPort: number | null;
  bytesHex: string;
  expected: { data?: Data; emits?: Emit[] };
}

/** What a name of the origin is here; `null`: nothing. */
type Key = {
  quantity: string;
  factor?: number;
  /** Values that stand for none. */
  absent?: Value;
  /** Their name of a state (or number, or boolean, as text) → ours. */
  states?: Record<string, string>;
  /** How far off the origin's rounding may be, in our unit. */
  within?: number;
} | null;

interface OneDevice {
  model: string;
  keys?: Record<string, Key>;
  /** Quantities of ours that the origin does not give. */
  more?: string[];
  /** Frames that are not whole: the origin passes them over in silence, here they are refused and seen. */
  refused?: string[];
}

interface Models {
  devices: Record<string, OneDevice>;
  keys: Record<string, Key>;
}

// Some origins round to five digits, and some take another density of water.
const TOLERANCE = 1e-4;

const folder = new URL('../../../../test/cases/lorawan-codec-vectors/', import.meta.url);
const vendors = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory());

function load<T>(vendor: string, file: string): T {
  return JSON.parse(readFileSync(new URL(`${vendor}/${file}`, folder), 'utf8')) as T; // the shape is this suite's own
}

/** Quantity → what its value must be; two names of the origin may say the same thing. */
type Wanted = Map<string, { value: number | string; within: number }[]>;

/** One for each instant, in the order of time, those without a time last. */
function wanted({ expected }: Vector, keyOf: (name: string, topic: string | undefined) => Key): Wanted[] {
  const emits: Emit[] = expected.emits ?? [{ data: expected.data ?? {} }];
  const byTime = new Map<string, Wanted>();
  for (const { topic, data = {}, timestamp = 'now' } of emits) {
    const record: Wanted = byTime.get(timestamp) ?? new Map();
    byTime.set(timestamp, record);
    for (const [name, given] of Object.entries(data)) {
      // Cayenne's channel stands beside its values.
      if (name === 'channel') continue;
      const value = typeof given === 'object' && given !== null ? given.value : given;
      const key = keyOf(name, topic);
      if (key === null || value === null || value === key.absent) continue;
      const quantity = data.channel === undefined ? key.quantity : `${key.quantity}.${String(data.channel)}`;
      const ours = key.states ? (key.states[String(value)] ?? `no state ${value}`) : Number(value) * (key.factor ?? 1);
      const within = key.within ?? (typeof ours === 'number' ? TOLERANCE * Math.abs(ours) : 0);
      record.set(quantity, [...(record.get(quantity) ?? []), { value: ours, within }]);
    }
  }
  const sorted = [...byTime].sort(([a], [b]) => order(a) - order(b));
  return sorted.map(([, record]) => record).filter((record) => record.size > 0);
}

function order(time: string): number {
  return time === 'now' ? Number.POSITIVE_INFINITY : Date.parse(time);
}

function modelOf(id: string): DeviceModel {
  const model = catalogue.deviceModel(id);
  if (!model) throw new Error(`models.json names ${id}, which is no built-in model`);
  return model;
}

describe.each(vendors.map((e) => e.name))('vectors of %s', (vendor) => {
  const { vectors } = load<{ vectors: Vector[] }>(vendor, 'vectors.json');
  const { devices, keys } = load<Models>(vendor, 'models.json');

  it('each device has vectors', () => {
    expect([...new Set(vectors.map((v) => v.device))].sort()).toEqual(Object.keys(devices).sort());
  });

  it.each(vectors.map((v) => [`${v.device} ${v.bytesHex}: ${v.description}`, v] as const))('%s', (_, vector) => {
    const device = devices[vector.device]!; // the test before
    const keyOf = (name: string, topic: string | undefined): Key => {
      for (const lookUp of [device.keys ?? {}, keys])
        for (const n of [`${topic}.${name}`, name]) if (Object.hasOwn(lookUp, n)) return lookUp[n] ?? null;
      throw new Error(`models.json does not say what ${name} is`);
    };
    const { fPort, bytesHex } = vector;
    const read = () => modelReadings(modelOf(device.model), { bytesHex, fPort: fPort ?? 1 });
    const records = wanted(vector, keyOf);
    if (device.refused?.includes(bytesHex)) {
      expect(records).toEqual([]);
      expect(read).toThrow(Rejected);
      return;
    }
    const { readings, bad } = read();
    expect(bad).toEqual([]);
    const sorted = Object.entries(readings).sort(([a], [b]) => order(a) - order(b));
    for (const [, record] of sorted) for (const name of device.more ?? []) delete record[name];
    const found = sorted.map(([, record]) => record).filter((record) => Object.keys(record).length > 0);
    expect(found.map((r) => Object.keys(r).sort())).toEqual(records.map((r) => [...r.keys()].sort()));
    for (const [i, record] of records.entries()) {
      for (const [quantity, values] of record) {
        const ours = found[i]?.[quantity];
        for (const { value, within } of values) {
          if (typeof value === 'string' || typeof ours !== 'number') expect(ours, quantity).toBe(value);
          else expect(Math.abs(ours - value), `${quantity}: ${ours}, not ${value}`).toBeLessThanOrEqual(within);
        }
      }
    }
  });
});
