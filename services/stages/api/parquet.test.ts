/** Parquet files as another reads them: DuckDB, which had no part in writing them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ColumnPart, ParquetWriter } from './parquet.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

const T = Date.UTC(2026, 10, 23, 12);
let dir: string;
let instance: DuckDBInstance;
let connection: DuckDBConnection;
let files = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parquet-'));
  instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  connection = await instance.connect();
});
afterAll(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(dir, { recursive: true });
});

/** FILE in the question is the rows of the file, GROUPS what it says of each column in each group. */
async function ask(bytes: Uint8Array, sql: string): Promise<unknown[][]> {
  const file = join(dir, `${files++}.parquet`);
  await writeFile(file, bytes);
  const question = sql.replace('FILE', `read_parquet('${file}')`).replace('GROUPS', `parquet_metadata('${file}')`);
  return (await connection.runAndReadAll(question)).getRowsJson() as unknown[][];
}

describe('a Parquet file', () => {
  const columns = [
    { name: 'asset', kind: 'text' },
    { name: 'time', kind: 'time' },
    { name: 'value', kind: 'number' },
  ] as const;

  function write(segments: readonly (readonly [string, readonly number[]])[]): { bytes: Buffer; pieces: number } {
    const writer = new ParquetWriter(columns);
    const pieces = [writer.begin()];
    let time = T;
    for (const [name, values] of segments) {
      const parts: ColumnPart[] = [
        { runs: [[name, values.length]] },
        { numbers: Float64Array.from(values, () => time++) },
        { numbers: Float64Array.from(values) },
      ];
      const piece = writer.rows(values.length, parts);
      if (piece) pieces.push(piece);
    }
    pieces.push(writer.end());
    return { bytes: Buffer.concat(pieces), pieces: pieces.length };
  }

  it('gives back every text, instant and double', async () => {
    const values = [0.1 + 0.2, -1e-310, 1.7976931348623157e308, -0, 42];
    const { bytes } = write([
      ['Åvej "1"\n', values],
      ['', [1]],
      ['Åvej "1"\n', [2]],
    ]);
    const rows = await ask(bytes, 'SELECT asset, epoch_ms(time)::VARCHAR, value FROM FILE ORDER BY time');
    expect(rows.map((r) => r[0])).toEqual([...values.map(() => 'Åvej "1"\n'), '', 'Åvej "1"\n']);
    expect(rows.map((r) => Number(r[1]))).toEqual(rows.map((_, i) => T + i));
    expect(rows.map((r) => Number(r[2]))).toEqual([...values, 1, 2]);
    expect(await ask(bytes, 'SELECT DISTINCT typeof(time), typeof(value), typeof(asset) FROM FILE')).toEqual([
      ['TIMESTAMP WITH TIME ZONE', 'DOUBLE', 'VARCHAR'],
    ]);
  });

  it('without a row is one all the same', async () => {
    expect(await ask(write([]).bytes, 'SELECT count(*)::INTEGER FROM FILE')).toEqual([[0]]);
  });

  it('keeps the sign of zero, however often zeros come', async () => {
    const { bytes } = write([['a', Array.from({ length: 1000 }, (_, i) => (i % 2 ? 0 : -0))]]);
    const signs = 'SELECT signbit(value), count(*)::INTEGER FROM FILE GROUP BY 1 ORDER BY 1';
    expect(await ask(bytes, signs)).toEqual([
      [false, 500],
      [true, 500],
    ]);
  });

  it('of many series and groups goes out in pieces', async () => {
    const segments = Array.from({ length: 70_000 }, (_, i) => [`asset-${i}`, [i, i + 0.5]] as const);
    const { bytes, pieces } = write(segments);
    expect(pieces).toBe(9); // 7 groups of 20,000 rows, what comes before them and after
    const sums =
      "SELECT count(*)::INTEGER, count(DISTINCT asset)::INTEGER, sum(value)::DOUBLE, bool_and('asset-' || floor(value)::INTEGER = asset) FROM FILE";
    const total = segments.reduce((sum, [, [a, b]]) => sum + a! + b!, 0); // two values each
    expect(await ask(bytes, sums)).toEqual([[140_000, 70_000, total, true]]);
  });

  it('has a dictionary as wide as it must be', async () => {
    // In one group, so that the last has more texts than two bytes can number.
    for (const n of [1, 2, 3, 256, 257, 70_000]) {
      const writer = new ParquetWriter(columns);
      const all = Float64Array.from({ length: n }, (_, i) => i);
      const runs = Array.from(all, (i) => [`a${i}`, 1] as const);
      const group = writer.rows(n, [{ runs }, { numbers: all }, { numbers: all }]);
      const bytes = Buffer.concat([...(group ? [group] : []), writer.end()]);
      const right = "SELECT count(*)::INTEGER FROM FILE WHERE asset = 'a' || value::INTEGER";
      expect(await ask(bytes, right)).toEqual([[n]]);
    }
  });

  it('names its texts by a dictionary, and is compressed', async () => {
    const { bytes } = write([['a', Array.from({ length: 20_000 }, (_, i) => i % 10)]]);
    const columns = await ask(bytes, 'SELECT path_in_schema, encodings, compression FROM GROUPS ORDER BY column_id');
    expect(columns).toEqual([
      ['asset', 'PLAIN, RLE_DICTIONARY', 'ZSTD'],
      ['time', 'PLAIN', 'ZSTD'],
      ['value', 'PLAIN', 'ZSTD'],
    ]);
  });
});

describe('GET /api/v1/export/readings.parquet', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    for (const [id, owner, sharing] of [
      ['w1', 'egeby', 'open'],
      ['w2', 'bogeby', 'internal'],
    ] as const)
      await world.request(
        'PUT',
        `/api/v1/assets/${id}`,
        { owner, type: 'water-level', name: `=${id}`, sharing },
        ADMIN,
      );
    await world.publish([
      ...[0, 15, 30, 60].map((m, i) => ({
        asset: 'w1',
        value: i + 0.5,
        time: T + m * 60_000,
        marks: m === 30 ? 5 : 0,
      })),
      { asset: 'w2', owner: 'bogeby', value: 10, time: T },
    ]);
  });
  afterAll(() => world.close());

  const PERIOD = `from=${new Date(T).toISOString()}&to=${new Date(T + 7_200_000).toISOString()}`;
  const get = (query: string, token?: string) =>
    fetch(`${world.url}/api/v1/export/readings.parquet?${query}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  const bytesOf = async (query: string, token?: string) =>
    new Uint8Array(await (await get(query, token)).arrayBuffer());

  it('holds what the CSV holds, names as they are', async () => {
    const answer = await get(PERIOD);
    expect(answer.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const rows = await ask(
      bytes,
      'SELECT asset, name, owner, quantity, unit, epoch_ms(time)::VARCHAR, value, marks FROM FILE',
    );
    const row = (minutes: number, value: number, marks = '') => [
      'w1',
      '=w1',
      'egeby',
      'waterLevel',
      'm',
      String(T + minutes * 60_000),
      value,
      marks,
    ];
    expect(rows).toEqual([row(0, 0.5), row(15, 1.5), row(30, 2.5, 'clock suspect'), row(60, 3.5)]);
  });

  it('takes windows', async () => {
    const bytes = await bytesOf(`${PERIOD}&asset=w1&window=1h&aggregate=avg,count`);
    expect(await ask(bytes, 'SELECT avg, count::INTEGER FROM FILE')).toEqual([
      [1.5, 3],
      [3.5, 1],
    ]);
    expect((await ask(bytes, 'DESCRIBE SELECT * FROM FILE')).map((r) => r[0])).not.toContain('marks');
  });

  it('shows nobody what he may not see', async () => {
    const assets = 'SELECT DISTINCT asset FROM FILE ORDER BY asset';
    expect(await ask(await bytesOf(PERIOD), assets)).toEqual([['w1']]);
    expect(await ask(await bytesOf(PERIOD, tokenOf('egeby', 'reader')), assets)).toEqual([['w1']]);
    expect(await ask(await bytesOf(PERIOD, tokenOf('bogeby', 'reader')), assets)).toEqual([['w1'], ['w2']]);
    expect(await ask(await bytesOf(`${PERIOD}&asset=w2`), assets)).toEqual([]);
  });

  it('says what is wrong before it begins', async () => {
    for (const query of ['quantity=depth', 'from=noon', 'window=7', 'locale=da'])
      expect([query, (await get(query)).status]).toEqual([query, 400]);
    expect((await get(PERIOD, 'no-such-token')).status).toBe(401);
  });
});
