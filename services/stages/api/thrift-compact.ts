/** Writes structs in Thrift's compact protocol, as far as Parquet's metadata needs it: no maps, sets or doubles. */
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

export type ThriftValue =
  | { i32: number }
  /** Up to 2^53. */
  | { i64: number }
  | { bool: boolean }
  | { text: string }
  | { struct: Fields }
  | { list: readonly ThriftValue[]; of: keyof typeof TYPE };

/** By field id, ascending; those that are `undefined` are left out. */
export type Fields = Readonly<Record<number, ThriftValue | undefined>>;

const TYPE = { true: 1, false: 2, i32: 5, i64: 6, text: 8, list: 9, struct: 12 } as const;

export function encodeStruct(fields: Fields): Buffer {
  const bytes: number[] = [];
  writeStruct(bytes, fields);
  return Buffer.from(bytes);
}

function writeStruct(out: number[], fields: Fields): void {
  let last = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const id = Number(key);
    const delta = id - last;
    const type = typeOf(value);
    if (delta <= 15) out.push((delta << 4) | type);
    else {
      out.push(type);
      writeVarint(out, zigzag(id));
    }
    last = id;
    // A boolean's value is in its type.
    if (!('bool' in value)) writeValue(out, value);
  }
  out.push(0);
}

function typeOf(value: ThriftValue): number {
  if ('bool' in value) return value.bool ? TYPE.true : TYPE.false;
  if ('i32' in value) return TYPE.i32;
  if ('i64' in value) return TYPE.i64;
  if ('text' in value) return TYPE.text;
  return 'list' in value ? TYPE.list : TYPE.struct;
}

function writeValue(out: number[], value: ThriftValue): void {
  if ('i32' in value) writeVarint(out, zigzag(value.i32));
  else if ('i64' in value) writeVarint(out, zigzag(value.i64));
  else if ('text' in value) {
    const text = Buffer.from(value.text);
    writeVarint(out, text.byteLength);
    for (const byte of text) out.push(byte);
  } else if ('struct' in value) writeStruct(out, value.struct);
  else if ('list' in value) {
    const { list, of } = value;
    if (list.length < 15) out.push((list.length << 4) | TYPE[of]);
    else {
      out.push(0xf0 | TYPE[of]);
      writeVarint(out, list.length);
    }
    for (const item of list) writeValue(out, item);
  }
}

/** Of numbers we write none is negative. */
function zigzag(n: number): number {
  return n * 2;
}

/** Beyond 32 bits too, so without shifts. */
export function writeVarint(out: number[], n: number): void {
  let rest = n;
  while (rest >= 0x80) {
    out.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}
