/**
 * A Parquet file written as it is read: row groups go out one by one, and what is kept until the end is where each began.
 * The format is hyparquet-writer's affair; ours is to bring rows into groups and to hand out the bytes of each.
 */
import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter as Encoder, type SchemaElement } from 'hyparquet-writer';

/** `time` is epoch ms. No column has gaps. */
export type ColumnKind = 'text' | 'time' | 'number';

export interface Column {
  name: string;
  kind: ColumnKind;
}

/** Of a text the rows come in runs: a few texts, each with how often it follows on itself. */
export type ColumnPart = { runs: readonly (readonly [text: string, rows: number])[] } | { numbers: Float64Array };

/** So many rows in a group at least, but for the last. A group is encoded in one go, some 20 ms of its thread. */
const GROUP_ROWS = 20_000;

/**
 * Of texts always a dictionary, whatever a sample would say. Of numbers none: in the library's, 0 and -0 are one.
 * https://github.com/hyparam/hyparquet-writer/blob/master/src/dictionary.js
 */
const ENCODING = { text: 'RLE_DICTIONARY', time: 'PLAIN', number: 'PLAIN' } as const;

export class ParquetWriter {
  #columns: readonly Column[];
  #out = new ByteWriter();
  #encoder: Encoder;
  /** Parts of each column. */
  #pending: ColumnPart[][];
  #rows = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#pending = columns.map(() => []);
    this.#encoder = new Encoder({
      writer: this.#out,
      schema: [{ name: 'readings', num_children: columns.length }, ...columns.map(schemaElement)],
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      // Least and greatest of each column in each group: half as much time again, for files that are read whole.
      statistics: false,
      createdBy: 'Sanseværk',
    });
  }

  begin(): Buffer {
    return this.#take();
  }

  /** Takes rows, a part for each column; gives the bytes of a group when there are enough. */
  rows(count: number, parts: readonly ColumnPart[]): Buffer | undefined {
    for (const [i, part] of parts.entries()) this.#pending[i]!.push(part); // one a column
    this.#rows += count;
    if (this.#rows < GROUP_ROWS) return undefined;
    this.#encode();
    return this.#take();
  }

  end(): Buffer {
    if (this.#rows > 0) this.#encode();
    void this.#encoder.finish();
    return this.#take();
  }

  #encode(): void {
    const columnData = this.#columns.map(({ name, kind }, i) => {
      const parts = this.#pending[i]!; // one a column
      return {
        name,
        data: kind === 'text' ? texts(parts, this.#rows) : numbers(parts, this.#rows),
        encoding: ENCODING[kind],
      };
    });
    // One page a column. Nothing to await, here and in `end`: a promise comes only of a writer that flushes.
    void this.#encoder.write({ columnData, rowGroupSize: this.#rows, pageSize: 0 });
    this.#pending = this.#columns.map(() => []);
    this.#rows = 0;
  }

  /** What was written since, copied: the library writes on into the same memory. */
  #take(): Buffer {
    const bytes = Buffer.from(this.#out.getBytes());
    this.#out.index = 0;
    return bytes;
  }
}

function schemaElement({ name, kind }: Column): SchemaElement {
  const column = { name, repetition_type: 'REQUIRED' } as const;
  if (kind === 'number') return { ...column, type: 'DOUBLE' };
  // Each both ways: as readers before 2018 know it, and as a logical type.
  if (kind === 'text')
    return { ...column, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
  const logical_type = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } as const;
  return { ...column, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type };
}

function texts(parts: readonly ColumnPart[], rows: number): string[] {
  const all = new Array<string>(rows);
  let at = 0;
  for (const part of parts) {
    if (!('runs' in part)) continue;
    for (const [text, n] of part.runs) {
      all.fill(text, at, at + n);
      at += n;
    }
  }
  return all;
}

function numbers(parts: readonly ColumnPart[], rows: number): Float64Array {
  const all = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    if (!('numbers' in part)) continue;
    all.set(part.numbers, at);
    at += part.numbers.length;
  }
  return all;
}
