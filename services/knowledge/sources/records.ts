/** What a mapping gave, read as records: which device of the vendor measured what and when. */
import { parseRfc3339 } from '../codecs/rfc3339.ts';

export interface SourceRecord {
  /** As the vendor calls it. */
  device: string;
  /** Epoch ms; absent where the record says none and none is asked for. */
  time?: number;
  values: Record<string, number | string | boolean>;
}

export interface ReadRecords {
  records: SourceRecord[];
  /** What could not be used and why, by its number, at most twenty. */
  problems: string[];
  /** How many could not be used. */
  unusable: number;
}

export interface RecordsExpected {
  /** For records that name none: the device of the topic. */
  device?: string | undefined;
  /** What is fetched again and again must say when it was measured, or it would count again and again. */
  needsTime: boolean;
}

const MOST_PROBLEMS = 20;
const LONGEST_DEVICE = 150;

/** One record or a list of them; nothing at all is none. */
export function readRecords(mapped: unknown, { device, needsTime }: RecordsExpected): ReadRecords {
  const found: ReadRecords = { records: [], problems: [], unusable: 0 };
  const items = Array.isArray(mapped) ? mapped : mapped === undefined || mapped === null ? [] : [mapped];
  for (const [i, item] of items.entries()) {
    const read = readRecord(item, device, needsTime);
    if (typeof read !== 'string') found.records.push(read);
    else if (found.unusable++ < MOST_PROBLEMS) found.problems.push(`record ${i + 1}: ${read}`);
  }
  return found;
}

function readRecord(item: unknown, fallback: string | undefined, needsTime: boolean): SourceRecord | string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'is not an object';
  const { device: given = fallback, time: stated, ...rest } = item as Record<string, unknown>; // just checked
  const device = typeof given === 'number' ? String(given) : given;
  if (typeof device !== 'string' || device === '') return 'has no device';
  if (Buffer.byteLength(device) > LONGEST_DEVICE) return `the device's id is longer than ${LONGEST_DEVICE} bytes`;
  const time = readTime(stated);
  if (time === undefined && stated !== undefined && stated !== null)
    return 'time is neither RFC 3339 with a zone nor whole epoch milliseconds ($toMillis makes them)';
  if (time === undefined && needsTime) return 'has no time';
  const values: SourceRecord['values'] = {};
  for (const [key, value] of Object.entries(rest)) {
    if (value === null || value === undefined) continue; // the vendor has no value: so have we
    if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean')
      return `${key.slice(0, 64)} is a list or an object, not a value`;
    values[key] = value;
  }
  if (Object.keys(values).length === 0) return 'has no values';
  return { device, ...(time !== undefined && { time }), values };
}

function readTime(stated: unknown): number | undefined {
  if (typeof stated === 'string') return parseRfc3339(stated);
  return Number.isSafeInteger(stated) ? (stated as number) : undefined; // isSafeInteger is false for all but numbers
}
