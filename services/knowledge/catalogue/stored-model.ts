/** Whether a device model that an operator wrote can work: its quantities exist, its factors are numbers, its examples come out. */
import type { DeviceModel, ModelExample } from '../../model/catalogue.ts';
import type { Frame } from '../../model/codec.ts';
import type { DeviceModelBody } from '../../model/device-model.ts';
import { Rejected } from '../../model/errors.ts';
import { parseTime } from '../../model/time.ts';
import type { FrameCodec } from '../codecs/frame-codec.ts';
import type { Catalogue } from './catalogue.ts';

export interface ModelFault {
  /** JSON pointer into the model. */
  pointer: string;
  detail: string;
}

/** Readings by time as examples have them: `now`, or an RFC 3339 time; a state by its name. */
export type ModelReadings = Record<string, Record<string, number | string>>;

/** Everything that can be said without running its codec. */
export function checkStoredModel(
  model: DeviceModelBody,
  { catalogue, codecExists }: { catalogue: Catalogue; codecExists(name: string): boolean },
): ModelFault[] {
  const faults: ModelFault[] = [];
  const fault = (pointer: string, detail: string) => void faults.push({ pointer, detail });
  if (model.codec !== undefined) {
    if (model.format !== 'frame') fault('/codec', 'only a model whose format is "frame" has a codec');
    else if (!codecExists(model.codec)) fault('/codec', `there is no codec "${model.codec}"`);
  }
  for (const [key, { quantity, factor, offset }] of Object.entries(model.mapping ?? {})) {
    const at = `/mapping/${escapePointer(key)}`;
    const known = catalogue.quantity(quantity);
    if (!known) fault(`${at}/quantity`, `there is no quantity "${quantity}"`);
    if (factor !== undefined && (!Number.isFinite(factor) || factor === 0))
      fault(`${at}/factor`, 'must be a finite number other than 0');
    if (offset !== undefined && !Number.isFinite(offset)) fault(`${at}/offset`, 'must be a finite number');
    if (known?.states && (factor !== undefined || offset !== undefined))
      fault(at, `"${quantity}" is a state: it has names, no factor and no offset`);
  }
  for (const [i, name] of (model.quantities ?? []).entries())
    if (!catalogue.quantity(name)) fault(`/quantities/${i}`, `there is no quantity "${name}"`);
  if (model.batteryVoltageLimit !== undefined && !Number.isFinite(model.batteryVoltageLimit))
    fault('/batteryVoltageLimit', 'must be a finite number');
  if (model.examples?.length && model.codec === undefined)
    fault('/examples', 'examples are frames: they need a codec that reads them');
  for (const [i, { recvTime }] of (model.examples ?? []).entries())
    if (recvTime !== undefined && parseTime(recvTime) === undefined)
      fault(`/examples/${i}/recvTime`, 'must be an RFC 3339 time with a zone');
  return faults;
}

/** Runs the examples through a codec of our own. */
export function runExamples(model: DeviceModelBody, codec: FrameCodec, catalogue: Catalogue): ModelFault[] {
  return (model.examples ?? []).flatMap((example, i) => {
    const frame = exampleFrame(example);
    try {
      return compareExample(i, example, readFrame(codec, frame, model, catalogue));
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return [{ pointer: `/examples/${i}/bytesHex`, detail: error.message }];
    }
  });
}

export function exampleFrame({
  bytesHex,
  fPort,
  recvTime,
}: Pick<ModelExample, 'bytesHex' | 'fPort' | 'recvTime'>): Frame {
  return {
    bytes: Uint8Array.from(bytesHex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    fPort,
    recvTime: parseTime(recvTime ?? '') ?? Date.UTC(2026, 0, 1),
    variables: {},
  };
}

/** @throws Rejected where the frame cannot be read. */
function readFrame(
  codec: FrameCodec,
  frame: Frame,
  model: Pick<DeviceModel, 'mapping'>,
  catalogue: Catalogue,
): ModelReadings {
  const records: { time: number | undefined; values: [string, unknown][] }[] = [];
  codec.decode(frame, {
    record: (time) => void records.push({ time, values: [] }),
    value: (key, value) => void records.at(-1)?.values.push([key, value]),
    bad: (reason, detail) => {
      throw new Rejected(reason, detail);
    },
  });
  return modelReadings(records, model, catalogue);
}

/** What a mapping makes of keys and values. Keys that are no quantity are left out, as decode leaves them out. */
export function modelReadings(
  records: readonly { time: number | undefined; values: readonly (readonly [key: string, value: unknown])[] }[],
  { mapping }: Pick<DeviceModel, 'mapping'>,
  catalogue: Catalogue,
): ModelReadings {
  const readings: ModelReadings = {};
  for (const { time, values } of records) {
    const at = time === undefined ? 'now' : new Date(time).toISOString();
    for (const [key, value] of values) {
      const mapped = mapping && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
      const name = mapped?.quantity ?? key;
      const quantity = catalogue.quantity(name);
      if (!quantity) continue;
      const reading =
        typeof value === 'number' && !quantity.states
          ? value * (mapped?.factor ?? 1) + (mapped?.offset ?? 0)
          : stateName(quantity, value);
      if (reading === undefined) continue;
      readings[at] ??= {};
      readings[at][name] = reading;
    }
  }
  return readings;
}

type States = Pick<NonNullable<ReturnType<Catalogue['quantity']>>, 'states' | 'booleans'>;

function stateName({ states, booleans }: States, value: unknown): string | undefined {
  if (typeof value === 'number') return states?.[value]?.name;
  if (typeof value === 'boolean') return booleans?.[value ? 1 : 0];
  return states?.find((s) => s.name === value)?.name;
}

/** What differs from the example, each by its place. */
export function compareExample(
  index: number,
  example: Pick<ModelExample, 'expected'>,
  found: ModelReadings,
): ModelFault[] {
  const faults: ModelFault[] = [];
  const expected = new Map(Object.entries(example.expected).map(([time, values]) => [normalTime(time), values]));
  for (const time of new Set([...expected.keys(), ...Object.keys(found)])) {
    const [wanted, got] = [expected.get(time) ?? {}, found[time] ?? {}];
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
      if (same(wanted[name], got[name])) continue;
      faults.push({
        pointer: `/examples/${index}/expected/${time}/${escapePointer(name)}`,
        detail: `${got[name] ?? 'nothing'}, not ${wanted[name] ?? 'nothing'}`,
      });
    }
  }
  return faults;
}

function normalTime(text: string): string {
  const time = parseTime(text);
  return time === undefined ? text : new Date(time).toISOString();
}

/** Factors leave a trace in the last digits. */
function same(a: number | string | undefined, b: number | string | undefined): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** RFC 6901 section 3. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
