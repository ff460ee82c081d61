/** What a built-in model makes of a frame, in our quantities and units: its codec, then its mapping. */
import { Buffer } from 'node:buffer';
import type { DeviceModel } from '../../../../model/catalogue.ts';
import { formatTime, parseTime } from '../../../../model/time.ts';
import { catalogue } from '../../../catalogue/catalogue.ts';
import { modelReadings as mapped } from '../../../catalogue/stored-model.ts';
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
  const records: { time: number | undefined; values: [string, unknown][] }[] = [];
  const bad: string[] = [];
  const frame = {
    bytes: Buffer.from(input.bytesHex, 'hex'),
    fPort: input.fPort,
    recvTime: input.recvTime ?? RECEIVED,
    variables: input.variables ?? {},
  };
  codec.decode(frame, {
    record: (time) => void records.push({ time, values: [] }),
    value(key, value) {
      const record = records.at(-1);
      if (!record) throw new Error(`${codec.name} gave ${key} before a record`);
      record.values.push([key, value]);
    },
    bad: (reason, detail) => bad.push(`${reason}: ${detail}`),
  });
  const keys = Object.fromEntries(records.flatMap((r) => r.values));
  return { readings: mapped(records, model, catalogue), keys, bad };
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
