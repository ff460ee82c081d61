/** JSON: an object of quantities, an array of such objects (a batch), or SenML, told apart by what is inside. */
import { Rejected } from '../../../model/errors.ts';
import type { Format, RecordSink } from '../format.ts';
import { parseJson } from '../json-text.ts';
import { parseRfc3339 } from '../rfc3339.ts';
import { isSenml, parseSenml } from './senml.ts';

/** `{"time": "2026-11-23T12:00:00Z", "fillingLevel": 73.5}`; the time is optional. */
export const json: Format = {
  name: 'json',
  parse(payload, receivedAt, sink) {
    const root = parseJson(payload);
    if (!Array.isArray(root)) {
      if (!isObject(root))
        throw new Rejected('malformed-json', 'expected an object of quantities, or an array of them');
      parseObject(root, sink);
    } else if (isSenml(root)) parseSenml(root, receivedAt, sink);
    else parseBatch(root, sink);
  },
};

type JsonObject = Record<string, unknown>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseBatch(items: readonly unknown[], sink: RecordSink): void {
  if (items.length === 0) throw new Rejected('no-known-quantity', 'the batch is empty');
  for (const item of items) {
    if (isObject(item)) parseObject(item, sink);
    else sink.bad('malformed-json', 'an item of the batch is not an object');
  }
}

function parseObject(object: JsonObject, sink: RecordSink): void {
  const stated = object.time;
  if (stated === undefined) sink.record(undefined);
  else {
    const time = readTime(stated);
    if (time === undefined) {
      sink.bad('invalid-time', 'time is neither RFC 3339 with a zone nor whole epoch milliseconds');
      return;
    }
    sink.record(time);
  }
  // JSON.parse makes own properties only, `__proto__` included; nothing enumerable is inherited.
  for (const key in object) if (key !== 'time') sink.value(key, object[key]);
}

function readTime(time: unknown): number | undefined {
  if (typeof time === 'string') return parseRfc3339(time);
  return Number.isSafeInteger(time) ? (time as number) : undefined; // isSafeInteger is false for all but numbers
}
