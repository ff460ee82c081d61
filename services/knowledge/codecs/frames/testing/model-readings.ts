/** What a built-in model makes of a frame, in our quantities and units: its codec, then its mapping, as decode does it. */
import { Buffer } from 'node:buffer';
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { formatTime, parseTime } from '../../../../model/time.ts';
import { catalogue } from '../../../catalogue/catalogue.ts';
import { frameCodec } from '../../frames.ts';

export const RECEIVED = Date.UTC(2026, 10, 23, 12);

export interface FrameInput {
  bytesHex: string;
  fPort: number;
  /** Epoch ms. */
  recvTime?: number;
  variables?: Readonly<Record<string, string>>;
}

export interface ModelReadings {
  /** Time (`now` without one) → quantity → value; a state by its name. */
  readings: Record<string, Record<string, number | string>>;
  /** Every key the codec gave, mapped or not, with its value as it was. */
  keys: Record<string, unknown>;
  bad: string[];
}

/** @throws Rejected as the codec does. */
export function modelReadings(model: DeviceModel, input: FrameInput): ModelReadings {
  const codec = frameCodec(model.codec ?? '');
  if (!codec) throw new Error(`model ${model.id}: no codec ${model.codec}`);
  const found: ModelReadings = { readings: {}, keys: {}, bad: [] };
  let record: Record<string, number | string> | undefined;
  const frame = {
    bytes: Buffer.from(input.bytesHex, 'hex'),
    fPort: input.fPort,
    recvTime: input.recvTime ?? RECEIVED,
    variables: input.variables ?? {},
  };
  codec.decode(frame, {
    record(time) {
      record = found.readings[time === undefined ? 'now' : formatTime(time)] ??= {};
    },
    value(key, raw) {
      if (!record) throw new Error(`${codec.name} gave ${key} before a record`);
      found.keys[key] = raw;
      const mapped = model.mapping?.[key];
      const name = mapped?.quantity ?? key;
      const quantity = catalogue.quantity(name);
      if (!quantity) return;
      if (quantity.states) {
        const state = typeof raw === 'boolean' ? quantity.booleans?.[raw ? 1 : 0] : raw;
        record[name] =
          typeof state === 'number' ? (quantity.states[state]?.name ?? `no state ${state}`) : String(state);
      } else {
        if (typeof raw !== 'number') throw new Error(`${codec.name}: ${key} is no number`);
        record[name] = raw * (mapped?.factor ?? 1) + (mapped?.offset ?? 0);
      }
    },
    bad: (reason, detail) => found.bad.push(`${reason}: ${detail}`),
  });
  return found;
}

/** Times in one spelling, numbers in nine significant digits: beyond that two ways to compute one number differ. */
export function rounded(readings: ModelReadings['readings']): ModelReadings['readings'] {
  const value = (v: number | string): number | string => (typeof v === 'number' ? Number(v.toPrecision(9)) + 0 : v);
  return Object.fromEntries(
    Object.entries(readings).map(([time, values]) => [
      time === 'now' ? time : formatTime(parseTime(time) ?? Number.NaN),
      Object.fromEntries(Object.entries(values).map(([k, v]) => [k, value(v)])),
    ]),
  );
}
