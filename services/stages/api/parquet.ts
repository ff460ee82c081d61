/**
 * A Parquet file written as it is read: row groups go out one by one, and what is kept until the end is where each began.
 *
 *   PAR1 │ row group: a column after the other, texts as dictionary + runs, numbers plain │ … │ footer │ its length │ PAR1
 */
// https://github.com/apache/parquet-format: README.md, Encodings.md, src/main/thrift/parquet.thrift
import { encodeStruct, type Fields, type ThriftValue, writeVarint } from './thrift-compact.ts';

/** `time` is epoch ms. No column has gaps. */
export type ColumnKind = 'text' | 'time' | 'number';

export interface Column {
  name: string;
  kind: ColumnKind;
}

/** Of a text the rows come in runs: a few texts, each with how often it follows on itself. */
export type ColumnPart = { runs: readonly [text: string, rows: number][] } | { numbers: Float64Array };

const MAGIC = Buffer.from('PAR1');
/** So many rows in a group at least, but for the last: about 1 MB. */
const GROUP_ROWS = 50_000;

const PHYSICAL = { text: 6, time: 2, number: 5 } as const; // BYTE_ARRAY, INT64, DOUBLE
const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;

interface Pending {
  runs: [string, number][];
  numbers: Float64Array[];
}

export class ParquetWriter {
  #columns: readonly Column[];
  #pending: Pending[];
  #rows = 0;
  #allRows = 0;
  #offset = 0;
  #groups: ThriftValue[] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#pending = columns.map(() => ({ runs: [], numbers: [] }));
  }

  begin(): Buffer {
    this.#offset = MAGIC.byteLength;
    return MAGIC;
  }

  /** Takes rows, a part for each column; gives the bytes of a group when there are enough. */
  rows(count: number, parts: readonly ColumnPart[]): Buffer | undefined {
    for (const [i, part] of parts.entries()) {
      const pending = this.#pending[i]!; // one a column
      if ('runs' in part) for (const [text, n] of part.runs) pending.runs.push([text, n]);
      else pending.numbers.push(part.numbers);
    }
    this.#rows += count;
    return this.#rows >= GROUP_ROWS ? this.#flush() : undefined;
  }

  end(): Buffer {
    const last = this.#rows > 0 ? this.#flush() : Buffer.alloc(0);
    const footer = encodeStruct({
      1: { i32: 1 },
      2: { list: [root(this.#columns.length), ...this.#columns.map(schemaElement)], of: 'struct' },
      3: { i64: this.#allRows },
      4: { list: this.#groups, of: 'struct' },
      6: { text: 'Sanseværk' },
    });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.byteLength);
    return Buffer.concat([last, footer, length, MAGIC]);
  }

  #flush(): Buffer {
    const bytes: Buffer[] = [];
    const chunks: ThriftValue[] = [];
    const began = this.#offset;
    for (const [i, column] of this.#columns.entries()) {
      const pages = this.#pages(column, this.#pending[i]!); // one a column
      const size = pages.reduce((sum, p) => sum + p.byteLength, 0);
      const dictionary = column.kind === 'text' ? { i64: this.#offset } : undefined;
      const first = dictionary ? pages[0]!.byteLength : 0; // a dictionary comes first
      const meta: Fields = {
        1: { i32: PHYSICAL[column.kind] },
        2: { list: (dictionary ? [PLAIN, RLE_DICTIONARY] : [PLAIN]).map((n) => ({ i32: n })), of: 'i32' },
        3: { list: [{ text: column.name }], of: 'text' },
        4: { i32: 0 }, // not compressed
        5: { i64: this.#rows },
        6: { i64: size },
        7: { i64: size },
        9: { i64: this.#offset + first },
        11: dictionary,
      };
      chunks.push({ struct: { 2: { i64: this.#offset }, 3: { struct: meta } } });
      bytes.push(...pages);
      this.#offset += size;
    }
    this.#groups.push({
      struct: { 1: { list: chunks, of: 'struct' }, 2: { i64: this.#offset - began }, 3: { i64: this.#rows } },
    });
    this.#allRows += this.#rows;
    this.#rows = 0;
    this.#pending = this.#columns.map(() => ({ runs: [], numbers: [] }));
    return Buffer.concat(bytes);
  }

  #pages({ kind }: Column, { runs, numbers }: Pending): Buffer[] {
    if (kind !== 'text') return [dataPage(kind === 'time' ? times(numbers) : doubles(numbers), this.#rows, PLAIN)];
    const indexOf = new Map<string, number>();
    for (const [text] of runs) if (!indexOf.has(text)) indexOf.set(text, indexOf.size);
    const texts = [...indexOf.keys()];
    const indexed = runs.map(([text, n]): [number, number] => [indexOf.get(text)!, n]); // put in above
    return [dictionaryPage(texts), dataPage(indexRuns(indexed, texts.length), this.#rows, RLE_DICTIONARY)];
  }
}

function root(children: number): ThriftValue {
  return { struct: { 4: { text: 'readings' }, 5: { i32: children } } };
}

function schemaElement({ name, kind }: Column): ThriftValue {
  // Each both ways: as readers before 2018 know it, and as a logical type.
  const utf8: Fields = { 6: { i32: 0 }, 10: { struct: { 1: { struct: {} } } } };
  const inUtc: Fields = { 1: { bool: true }, 2: { struct: { 1: { struct: {} } } } }; // milliseconds
  const timestamp: Fields = { 6: { i32: 9 }, 10: { struct: { 8: { struct: inUtc } } } };
  const meant = kind === 'text' ? utf8 : kind === 'time' ? timestamp : {};
  return { struct: { 1: { i32: PHYSICAL[kind] }, 3: { i32: 0 }, 4: { text: name }, ...meant } };
}

function dataPage(body: Buffer, rows: number, encoding: number): Buffer {
  const header: Fields = { 1: { i32: rows }, 2: { i32: encoding }, 3: { i32: RLE }, 4: { i32: RLE } };
  return page(0, body, { 5: { struct: header } });
}

function dictionaryPage(texts: readonly string[]): Buffer {
  const parts = texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.byteLength);
    return [length, bytes];
  });
  return page(2, Buffer.concat(parts), { 7: { struct: { 1: { i32: texts.length }, 2: { i32: PLAIN } } } });
}

function page(type: number, body: Buffer, header: Fields): Buffer {
  const size = { i32: body.byteLength };
  return Buffer.concat([encodeStruct({ 1: { i32: type }, 2: size, 3: size, ...header }), body]);
}

/** Runs of indexes into the dictionary: a byte that says how wide they are, then length and value of each run. */
function indexRuns(runs: readonly [index: number, rows: number][], texts: number): Buffer {
  const width = Math.max(1, Math.ceil(Math.log2(texts)));
  const out = [width];
  for (const [index, rows] of runs) {
    writeVarint(out, rows * 2); // the lowest bit says: a run
    for (let bits = 0; bits < width; bits += 8) out.push((index >>> bits) & 0xff);
  }
  return Buffer.from(out);
}

function doubles(parts: readonly Float64Array[]): Buffer {
  return Buffer.concat(parts.map((p) => Buffer.from(p.buffer, p.byteOffset, p.byteLength)));
}

function times(parts: readonly Float64Array[]): Buffer {
  const out = Buffer.alloc(parts.reduce((sum, p) => sum + p.length, 0) * 8);
  let at = 0;
  for (const part of parts) for (const ms of part) at = out.writeBigInt64LE(BigInt(ms), at);
  return out;
}
