/** SenML JSON, RFC 8428: a pack of records in which base fields carry over to the records after them. */
import { Rejected } from '../../../model/errors.ts';
import type { RecordSink } from '../format.ts';

// Section 4.5.3: times below 2^28 seconds count from now, which here is the receipt.
const RELATIVE_BELOW = 2 ** 28;
// Section 4.5.1: characters of a name after base name and name are joined.
const NAME = /^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/;
// Section 4.4: the version this format speaks.
const VERSION = 10;

type SenmlRecord = Record<string, unknown>;

/** Whether an array is a SenML pack: none of these labels is a quantity of ours. */
export function isSenml(items: readonly unknown[]): items is SenmlRecord[] {
  const first = items[0];
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return false;
  return (
    Object.hasOwn(first, 'n') ||
    Object.hasOwn(first, 'bn') ||
    Object.hasOwn(first, 'bt') ||
    Object.hasOwn(first, 'bver')
  );
}

/**
 * @throws Rejected `malformed-senml` when base fields are wrong, because then no later record can be trusted; a record that
 *         is wrong by itself is a bad item.
 */
export function parseSenml(pack: readonly unknown[], receivedAt: number, sink: RecordSink): void {
  const base = { name: '', time: 0, unit: undefined as string | undefined, value: 0 };
  // Records of one time in a row are one record to the sink, so that formulas see the values that belong together.
  let openTime: number | undefined;
  let open = false;
  for (const item of pack) {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw new Rejected('malformed-senml', 'a record of the pack is not an object');
    const record = item as SenmlRecord; // an object, checked above; its fields are checked one by one
    readBase(record, base);
    const label = field(record, 'n', 'string') ?? '';
    const t = field(record, 't', 'number');
    const time = base.time + (t ?? 0);
    const stated = t !== undefined || base.time !== 0;
    if (!hasValue(record)) {
      // Section 4.2: a record may carry base fields alone; sums are not kept.
      if (label !== '' || record.s !== undefined) sink.bad('malformed-senml', `"${label.slice(0, 64)}" has no value`);
      continue;
    }
    const name = base.name + label;
    if (!NAME.test(name)) {
      sink.bad('malformed-senml', `"${name.slice(0, 64)}" is not a name`);
      continue;
    }
    const relative = time < RELATIVE_BELOW;
    const at = !stated ? undefined : Math.round(relative ? receivedAt + time * 1000 : time * 1000);
    if (!open || at !== openTime) {
      sink.record(at, stated && relative);
      openTime = at;
      open = true;
    }
    readValue(record, name, base, sink);
  }
}

function readBase(record: SenmlRecord, base: { name: string; time: number; unit: string | undefined; value: number }) {
  for (const key in record) {
    // Section 4.4: a label that ends with an underscore must be understood, and none is.
    if (key.endsWith('_')) throw new Rejected('malformed-senml', `field "${key.slice(0, 64)}" is not understood`);
  }
  const version = field(record, 'bver', 'number');
  if (version !== undefined && version > VERSION)
    throw new Rejected('malformed-senml', `version ${version}, this installation reads ${VERSION}`);
  base.name = field(record, 'bn', 'string') ?? base.name;
  base.time = field(record, 'bt', 'number') ?? base.time;
  base.unit = field(record, 'bu', 'string') ?? base.unit;
  base.value = field(record, 'bv', 'number') ?? base.value;
}

function hasValue(record: SenmlRecord): boolean {
  return (
    Object.hasOwn(record, 'v') ||
    Object.hasOwn(record, 'vb') ||
    Object.hasOwn(record, 'vs') ||
    Object.hasOwn(record, 'vd') ||
    // Section 4.3: a base value stands for a value that is left out.
    Object.hasOwn(record, 'bv')
  );
}

function readValue(
  record: SenmlRecord,
  name: string,
  base: { unit: string | undefined; value: number },
  sink: RecordSink,
): void {
  // The last part of a URN or path is what a device calls the quantity: urn:dev:mac:0024befffe804ff1:temperature.
  const key = name.slice(Math.max(name.lastIndexOf(':'), name.lastIndexOf('/')) + 1);
  const unit = field(record, 'u', 'string') ?? base.unit;
  if (Object.hasOwn(record, 'vb')) sink.value(key, record.vb);
  else if (Object.hasOwn(record, 'vs')) sink.value(key, record.vs);
  else if (Object.hasOwn(record, 'vd'))
    sink.value(key, { vd: record.vd }); // bytes, which are no value of any quantity
  else {
    const v = Object.hasOwn(record, 'v') ? record.v : 0;
    sink.value(key, typeof v === 'number' ? v + base.value : v, unit);
  }
}

function field(record: SenmlRecord, name: string, type: 'string'): string | undefined;
function field(record: SenmlRecord, name: string, type: 'number'): number | undefined;
function field(record: SenmlRecord, name: string, type: 'string' | 'number'): string | number | undefined {
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  if (value === undefined) return undefined;
  if (typeof value !== type || (type === 'number' && !Number.isFinite(value)))
    throw new Rejected('malformed-senml', `"${name}" must be a ${type === 'number' ? 'finite number' : 'text'}`);
  return value as string | number; // of the type asked for, checked above
}
