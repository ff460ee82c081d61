/** What a script answers, whatever its shape, as records of keys and values: the way from vendors' JSON to a mapping. */
import { parseRfc3339 } from './rfc3339.ts';

export interface FlatRecord {
  /** Epoch ms; `undefined` where the answer states none: when it was heard counts. */
  time: number | undefined;
  values: [key: string, value: unknown][];
}

/** Deeper members are left out: nothing that is measured lies there. */
const MAX_DEPTH = 5;
/** More than a frame of 242 bytes can say. */
const MAX_VALUES = 2000;
/** An integer below is no time in milliseconds, but one in seconds: 1e11 ms is March 1973, 1e11 s the year 5138. */
const FIRST_MS = 1e11;

/**
 * An object is a record; an array of objects is a record each, and so is an array anywhere inside whose objects state a
 * time (history of the device). Nested members are named `outer.inner`; of `{value, unit}` the value counts, under the
 * outer name. Texts, numbers and booleans are kept as they are, everything else is left out.
 */
export function recordsOf(data: unknown): FlatRecord[] {
  const records: FlatRecord[] = [];
  let values = 0;
  const walk = (node: object, record: FlatRecord, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(node)) {
      const name = prefix === '' ? key : `${prefix}.${key}`;
      if (isValue(value)) {
        if (values++ < MAX_VALUES && !(prefix === '' && isTimeKey(key))) record.values.push([name, value]);
      } else if (Array.isArray(value)) {
        if (value.some((item) => isObject(item) && timeOf(item) !== undefined)) list(value, depth + 1);
      } else if (isObject(value)) {
        if (isValue(value.value)) {
          if (values++ < MAX_VALUES) record.values.push([name, value.value]);
        } else if (depth < MAX_DEPTH) walk(value, record, name, depth + 1);
      }
    }
  };
  const one = (node: object, depth: number): void => {
    const record: FlatRecord = { time: timeOf(node), values: [] };
    records.push(record);
    walk(node, record, '', depth);
  };
  const list = (items: readonly unknown[], depth: number): void => {
    if (depth < MAX_DEPTH) for (const item of items) if (isObject(item)) one(item, depth);
  };
  if (Array.isArray(data)) list(data, 0);
  else if (isObject(data)) one(data, 0);
  return records.filter((r) => r.values.length > 0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string';
}

function isTimeKey(key: string): boolean {
  return key === 'time' || key === 'timestamp';
}

function timeOf(node: object): number | undefined {
  const { time, timestamp } = node as { time?: unknown; timestamp?: unknown };
  return readTime(time) ?? readTime(timestamp);
}

function readTime(value: unknown): number | undefined {
  if (typeof value === 'string') return parseRfc3339(value);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) return undefined;
  return value < FIRST_MS ? value * 1000 : value;
}
