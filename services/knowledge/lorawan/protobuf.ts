/** Protobuf by a table of fields, into the words protobuf's JSON has for the same message: one reader then does for both. */
import { Buffer } from 'node:buffer';
import { PbfReader } from 'pbf';
import { type Members, malformed, setOwn } from './members.ts';

/** Field numbers of one message. What is not listed is skipped, as protobuf wants it. */
export type Fields = Readonly<Record<number, Field>>;
export type Field =
  | { name: string; as: 'text' | 'bytes' | 'uint' | 'int' | 'bool' | 'float' | 'double' | 'time' | 'struct' | 'texts' }
  | { name: string; as: 'enum'; names: readonly string[] }
  | { name: string; as: 'message' | 'messages'; fields: Fields };

type Found = Record<string, unknown>;

/** Wire types, https://protobuf.dev/programming-guides/encoding/ */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const WIRE = {
  text: LENGTH,
  bytes: LENGTH,
  uint: VARINT,
  int: VARINT,
  bool: VARINT,
  enum: VARINT,
  float: FIXED32,
  double: FIXED64,
  time: LENGTH,
  struct: LENGTH,
  texts: LENGTH,
  message: LENGTH,
  messages: LENGTH,
} as const satisfies Record<Field['as'], number>;

/** As parseJson: what nests deeper is refused before it is built. */
const MAX_DEPTH = 16;

/** @throws Rejected `malformed-message`. Bytes stay bytes, and times are epoch ms. */
export function readProtobuf(fields: Fields, payload: Uint8Array): Members {
  // As a Buffer, whose decoder is quicker than TextDecoder for texts as short as these.
  const pbf = new PbfReader(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength));
  const found: Found = {};
  try {
    readFields(pbf, fields, found, pbf.length, 1);
  } catch (error) {
    // The reader throws plain errors for input that ends too early or has a wire type that does not exist.
    throw malformed('the message is neither JSON nor protobuf of the event', error);
  }
  return found;
}

function readFields(pbf: PbfReader, fields: Fields, found: Found, end: number, depth: number): void {
  if (end > pbf.length) throw new Error('a length reaches beyond the end');
  if (depth > MAX_DEPTH) throw new Error(`nested deeper than ${MAX_DEPTH} levels`);
  for (let tag = pbf.nextField(end); tag !== 0; tag = pbf.nextField(end)) {
    const field = fields[tag];
    // A field of another wire type than its own is an unknown field.
    if (field && pbf.type === WIRE[field.as]) readField(pbf, field, found, depth);
  }
  if (pbf.pos !== end) throw new Error('a field reaches beyond the end of its message');
}

function readField(pbf: PbfReader, field: Field, found: Found, depth: number): void {
  const { name } = field;
  switch (field.as) {
    case 'text':
      found[name] = readText(pbf);
      break;
    case 'bytes':
      found[name] = pbf.readBytes();
      break;
    case 'uint':
      found[name] = pbf.readVarint();
      break;
    case 'int':
      found[name] = pbf.readVarint(true);
      break;
    case 'bool':
      found[name] = pbf.readBoolean();
      break;
    case 'enum':
      found[name] = field.names[pbf.readVarint()];
      break;
    case 'float':
      found[name] = shortest(pbf.readFloat());
      break;
    case 'double':
      found[name] = pbf.readDouble();
      break;
    case 'time': {
      const { seconds = 0, nanos = 0 } = submessage(pbf, TIMESTAMP, depth) as { seconds?: number; nanos?: number };
      found[name] = seconds * 1000 + Math.floor(nanos / 1e6);
      break;
    }
    case 'struct':
      found[name] = readStruct(pbf, depth);
      break;
    case 'texts': {
      const { key = '', value = '' } = submessage(pbf, TEXT_ENTRY, depth) as { key?: string; value?: string };
      found[name] ??= {};
      setOwn(found[name] as Record<string, string>, key, value); // set here alone
      break;
    }
    case 'message':
      found[name] = submessage(pbf, field.fields, depth);
      break;
    case 'messages':
      found[name] ??= [];
      (found[name] as unknown[]).push(submessage(pbf, field.fields, depth)); // set here alone
  }
}

function submessage(pbf: PbfReader, fields: Fields, depth: number): Found {
  const found: Found = {};
  readFields(pbf, fields, found, endOf(pbf), depth + 1);
  return found;
}

function readText(pbf: PbfReader): string {
  const end = endOf(pbf);
  const text = (pbf.buf as Buffer).toString('utf8', pbf.pos, end); // readProtobuf gave it one
  pbf.pos = end;
  return text;
}

/** The number whose nearest float it is: -4.2, not -4.199999809265137. Four decimals are more than any of these has. */
function shortest(float: number): number {
  const short = Math.round(float * 1e4) / 1e4;
  return Math.fround(short) === float ? short : float;
}

function endOf(pbf: PbfReader): number {
  return pbf.readVarint() + pbf.pos;
}

// google/protobuf/timestamp.proto
const TIMESTAMP: Fields = { 1: { name: 'seconds', as: 'int' }, 2: { name: 'nanos', as: 'int' } };
const TEXT_ENTRY: Fields = { 1: { name: 'key', as: 'text' }, 2: { name: 'value', as: 'text' } };

/** google/protobuf/struct.proto: Struct has a map of Values in field 1, ListValue a list of them in field 1. */
function readStruct(pbf: PbfReader, depth: number): Record<string, unknown> {
  const struct: Record<string, unknown> = {};
  walk(pbf, depth, (tag, inner) => {
    if (tag !== 1 || pbf.type !== LENGTH) return;
    let key = '';
    let value: unknown = null;
    walk(pbf, inner, (part, innermost) => {
      if (part === 1 && pbf.type === LENGTH) key = readText(pbf);
      else if (part === 2 && pbf.type === LENGTH) value = readValue(pbf, innermost);
    });
    setOwn(struct, key, value);
  });
  return struct;
}

function readValue(pbf: PbfReader, depth: number): unknown {
  let value: unknown = null;
  walk(pbf, depth, (tag, inner) => {
    if (tag === 1 && pbf.type === VARINT) value = null;
    else if (tag === 2 && pbf.type === FIXED64) value = pbf.readDouble();
    else if (tag === 3 && pbf.type === LENGTH) value = readText(pbf);
    else if (tag === 4 && pbf.type === VARINT) value = pbf.readBoolean();
    else if (tag === 5 && pbf.type === LENGTH) value = readStruct(pbf, inner);
    else if (tag === 6 && pbf.type === LENGTH) {
      const list: unknown[] = [];
      walk(pbf, inner, (item, innermost) => {
        if (item === 1 && pbf.type === LENGTH) list.push(readValue(pbf, innermost));
      });
      value = list;
    }
  });
  return value;
}

/** A level of JSON is three messages of Struct at most (Struct, its entry, Value). */
const MAX_STRUCT_DEPTH = 3 * MAX_DEPTH;

function walk(pbf: PbfReader, depth: number, each: (tag: number, depth: number) => void): void {
  const end = endOf(pbf);
  if (end > pbf.length) throw new Error('a length reaches beyond the end');
  if (depth > MAX_STRUCT_DEPTH) throw new Error(`nested deeper than ${MAX_DEPTH} levels`);
  for (let tag = pbf.nextField(end); tag !== 0; tag = pbf.nextField(end)) each(tag, depth + 1);
  if (pbf.pos !== end) throw new Error('a field reaches beyond the end of its message');
}
