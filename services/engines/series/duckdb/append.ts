/** Rows into a table, column by column: the only way values get in, because an INSERT a row is a hundred times slower. */
import { type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

// The most rows DuckDB takes in one chunk.
const CHUNK_ROWS = 2048;

export type Column = ArrayLike<number> | ArrayLike<string> | ArrayLike<boolean>;

/** Appends `count` rows within the transaction of the connection. @throws what DuckDB says, wrapped; roll back then. */
export async function appendColumns(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  count: number,
  catalog?: string,
): Promise<void> {
  if (count === 0) return;
  const appender = await connection.createAppender(table, 'main', catalog ?? null);
  try {
    const types = columns.map((_, c) => appender.columnType(c));
    for (let from = 0; from < count; from += CHUNK_ROWS) {
      const n = Math.min(CHUNK_ROWS, count - from);
      const chunk = DuckDBDataChunk.create(types, n);
      for (let c = 0; c < columns.length; c++) {
        const column = columns[c]!; // one per type
        const vector = chunk.getColumnVector(c);
        for (let i = 0; i < n; i++) vector.setItem(i, column[from + i]!); // below count
        vector.flush();
      }
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } catch (cause) {
    throw new Error(`series: appending ${count} rows to ${table}`, { cause });
  } finally {
    appender.closeSync();
  }
}
