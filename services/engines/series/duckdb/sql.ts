/** The small vocabulary every statement of this engine is made of: numbers, file lists, months, and reading columns back. */
import type { DuckDBConnection } from '@duckdb/node-api';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A number as an SQL literal. Statements carry only numbers we computed; text of others goes in through appenders. */
export function int(n: number): string {
  if (!Number.isSafeInteger(n)) throw new RangeError(`series: ${n} is not an integer`);
  return n < 0 ? `(${n})` : String(n);
}

export function text(s: string): string {
  return `'${s.replaceAll("'", "''")}'`;
}

/** Months since 1970-01 (UTC) of an epoch time, ms. */
export function monthOf(time: number): number {
  const d = new Date(time);
  return (d.getUTCFullYear() - 1970) * 12 + d.getUTCMonth();
}

/** First instant of a month, epoch ms. */
export function monthStart(month: number): number {
  return Date.UTC(1970 + Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
}

/** `2026-03`, for file names. */
export function monthName(month: number): string {
  return new Date(monthStart(month)).toISOString().slice(0, 7);
}

/** All columns of a result as numbers; NULL becomes NaN. The statement casts whatever is not a number type to DOUBLE. */
export async function readNumbers(connection: DuckDBConnection, sql: string): Promise<Float64Array[]> {
  const result = await connection.run(sql);
  const chunks = await result.fetchAllChunks();
  let rows = 0;
  for (const chunk of chunks) rows += chunk.rowCount;
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(rows));
  let at = 0;
  for (const chunk of chunks) {
    const n = chunk.rowCount;
    for (let c = 0; c < columns.length; c++) {
      const vector = chunk.getColumnVector(c);
      const column = columns[c]!; // one per column of the result
      for (let i = 0; i < n; i++) {
        const item = vector.getItem(i);
        column[at + i] = item === null ? Number.NaN : Number(item);
      }
    }
    at += n;
  }
  return columns;
}

/** All rows of a small result, as text and numbers. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
): Promise<(string | number | boolean | null)[][]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows().map((row) =>
    row.map((v) => {
      if (typeof v === 'bigint') return Number(v);
      if (typeof v === 'string' || typeof v === 'number' || typeof v === 'boolean') return v;
      return null;
    }),
  );
}
