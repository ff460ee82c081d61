/** The tables of the DuckDB file, and reading them back at the start. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoreCounts } from '../../../model/ledger.ts';
import { type Position, START } from '../../../model/log.ts';
import type { SeriesDictionary } from '../dictionary.ts';
import { readNumbers, readRows } from './sql.ts';
import { type Generation, hotTable, type Part } from './view.ts';

const FORMAT = 1;

/** The one row that moves with every batch, in the batch's transaction. */
export interface State {
  position: Position;
  counts: Map<string, StoreCounts>;
  newestReceived: number;
  nextPart: number;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS state (format INTEGER, seq DOUBLE, off DOUBLE, counts VARCHAR, newest_received DOUBLE, next_part INTEGER);
CREATE TABLE IF NOT EXISTS series (id INTEGER, asset VARCHAR, quantity VARCHAR, owner VARCHAR, type VARCHAR);
CREATE TABLE IF NOT EXISTS latest (series INTEGER, time DOUBLE, value DOUBLE, received DOUBLE, marks UTINYINT, uplink DOUBLE, revision USMALLINT);
CREATE TABLE IF NOT EXISTS generation (id INTEGER);
CREATE TABLE IF NOT EXISTS part (id INTEGER, month INTEGER, raw BOOLEAN, rows DOUBLE, min_time DOUBLE, max_time DOUBLE, settled BOOLEAN, dropped VARCHAR);
CREATE TABLE IF NOT EXISTS dead (month INTEGER, series INTEGER, time DOUBLE, below INTEGER);
`;

/** Numbers as DOUBLE: exact for every integer we have, and no BigInt on the way in. Files hold them as integers. */
export function createHot(id: number): string {
  return `CREATE TABLE hot_${id} (series INTEGER, time DOUBLE, value DOUBLE, received DOUBLE, uplink DOUBLE, revision USMALLINT, marks UTINYINT, contested UTINYINT)`;
}

/** Makes what is missing. @throws Error when the data is of a later format. */
export async function prepareTables(c: DuckDBConnection): Promise<void> {
  await c.run('BEGIN');
  await c.run(TABLES);
  const [row] = await readRows(c, 'SELECT format FROM state');
  if (!row) {
    await c.run(`INSERT INTO state VALUES (${FORMAT}, ${START.seq}, ${START.offset}, '{}', 0, 1)`);
    await c.run('INSERT INTO generation VALUES (1)');
    await c.run(createHot(1));
  } else if (Number(row[0]) > FORMAT) {
    throw new Error(`series: the data is of format ${row[0]}, this version reads ${FORMAT}`);
  }
  await c.run('COMMIT');
}

export async function loadState(c: DuckDBConnection): Promise<State> {
  const [row] = await readRows(c, 'SELECT seq, off, counts, newest_received, next_part FROM state');
  if (!row) throw new Error('series: the table state is empty');
  const counts = JSON.parse(String(row[2])) as Record<string, StoreCounts>; // written by us
  return {
    position: { seq: Number(row[0]), offset: Number(row[1]) },
    counts: new Map(Object.entries(counts)),
    newestReceived: Number(row[3]),
    nextPart: Number(row[4]),
  };
}

/** Hot tables that count; tables whose sealing was committed but that were not dropped yet are dropped now. */
export async function loadGenerations(c: DuckDBConnection, now: number): Promise<Generation[]> {
  const rows = await readRows(c, 'SELECT id FROM generation ORDER BY id');
  const generations: Generation[] = [];
  for (const [id] of rows) {
    const [row] = await readRows(c, `SELECT count(*)::DOUBLE, min(time), max(time) FROM hot_${id}`);
    const [count, min, max] = row!; // an aggregate has one row
    generations.push({
      id: Number(id),
      rows: Number(count),
      minTime: min === null ? Number.POSITIVE_INFINITY : Number(min),
      maxTime: max === null ? Number.NEGATIVE_INFINITY : Number(max),
      since: Number(count) > 0 ? now : 0,
      sealing: false,
    });
  }
  const kept = new Set(generations.map(hotTable));
  for (const [name] of await readRows(c, "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'hot_%'"))
    if (!kept.has(String(name))) await c.run(`DROP TABLE "${name}"`);
  return generations;
}

export async function loadParts(c: DuckDBConnection): Promise<Part[]> {
  const rows = await readRows(
    c,
    'SELECT id, month, raw, rows, min_time, max_time, settled, dropped FROM part ORDER BY id',
  );
  return rows.map(([id, month, raw, count, min, max, settled, dropped]) => ({
    id: Number(id),
    month: Number(month),
    raw: Boolean(raw),
    rows: Number(count),
    minTime: Number(min),
    maxTime: Number(max),
    settled: Boolean(settled),
    dropped: JSON.parse(String(dropped)) as string[], // written by us
  }));
}

/** Series and their newest values: those saved when the last hot table was closed, then what came since. */
export async function loadDictionary(
  c: DuckDBConnection,
  dictionary: SeriesDictionary,
  generations: readonly Generation[],
): Promise<void> {
  for (const [, asset, quantity, owner, type] of await readRows(c, 'SELECT * FROM series ORDER BY id'))
    dictionary.load({ asset: String(asset), quantity: String(quantity), owner: String(owner), type: String(type) });
  const columns = 'series, time, value, received, marks, uplink, revision';
  const sources = [`SELECT ${columns}, 0 AS hot FROM latest`];
  for (const g of generations) sources.push(`SELECT ${columns}, 1 AS hot FROM ${hotTable(g)}`);
  // For one instant the hot row is the newer one: the saved one may have been corrected since.
  const newest = await readNumbers(
    c,
    `SELECT series, n.time, n.value, n.received, n.marks, n.uplink, n.revision FROM (
       SELECT series, arg_max({'time': time, 'value': value, 'received': received, 'marks': marks, 'uplink': uplink, 'revision': revision}, time * 2 + hot) AS n
       FROM (${sources.join(' UNION ALL ')}) GROUP BY series)`,
  );
  const [series, time, value, received, marks, uplink, revision] = newest as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]; // seven columns are selected
  for (let i = 0; i < series.length; i++)
    dictionary.publish(series[i]!, {
      time: time[i]!,
      value: value[i]!,
      received: received[i]!,
      marks: marks[i]!,
      uplink: uplink[i]!,
      revision: revision[i]!,
    });
}

/** Keeps the number of the next part, so that none is given twice. Call it within `exclusive`. */
export async function saveNextPart(core: { writer: DuckDBConnection; state: State }): Promise<void> {
  await core.writer.run(`UPDATE state SET next_part = ${core.state.nextPart}`);
}
