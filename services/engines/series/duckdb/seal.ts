/** Closing the hot table and sealing closed ones: each month of their rows becomes a part, a raw file and its hours. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { baseOf, type Newest } from '../dictionary.ts';
import { type Core, DRAIN_MS, transaction, within } from './core.ts';
import { copyTo, hoursFile, rawFile, type Special } from './encode.ts';
import { parquet } from './sources.ts';
import { int, monthStart, readNumbers, readRows } from './sql.ts';
import { createHot, saveNextPart } from './tables.ts';
import { type Generation, hotTable, type Part, View } from './view.ts';
import { saveLatest } from './write.ts';

// Sealing many rows at once means many messages a second, so this is a matter of seconds.
const OWNER_GRAIN = 4096;

/** Opens a new hot table. The newest values are saved with it, so that a start reads only what came since. */
export function rotate(core: Core): Promise<void> {
  return core.exclusive(async () => {
    const { writer, views, dictionary } = core;
    const former = views.current;
    if (former.open.rows === 0) return;
    const id = former.open.id + 1;
    const newest: [number, Newest][] = [];
    dictionary.newest.forEach((n, series) => {
      if (n) newest.push([series, n]);
    });
    await transaction(writer, async () => {
      await writer.run(createHot(id));
      await writer.run(`INSERT INTO generation VALUES (${int(id)})`);
      await writer.run('DELETE FROM latest');
      await saveLatest(core, newest);
    });
    const open: Generation = {
      id,
      rows: 0,
      minTime: Number.POSITIVE_INFINITY,
      maxTime: Number.NEGATIVE_INFINITY,
      since: 0,
      sealing: false,
    };
    // Nothing leaves with the former view, so nothing waits for its readers.
    void views.swap(new View([...former.generations, open], former.parts));
  });
}

/** Seals every closed hot table, oldest first. */
export async function sealClosed(core: Core, connection: DuckDBConnection): Promise<void> {
  for (const generation of core.views.current.generations.slice(0, -1)) await seal(core, connection, generation);
}

async function seal(core: Core, connection: DuckDBConnection, generation: Generation): Promise<void> {
  const table = hotTable(generation);
  // Rows may leave a closed table, never come; so these are all its months.
  const [months, min, max] = (await readNumbers(
    connection,
    `SELECT (year(t) - 1970) * 12 + month(t) - 1 AS month, min(time), max(time)
     FROM (SELECT time, make_timestamp(time::BIGINT * 1000) AS t FROM ${table}) GROUP BY month ORDER BY month`,
  )) as [Float64Array, Float64Array, Float64Array]; // three columns are selected
  const parts = await core.exclusive(async () => {
    // From now on a correction to a row of this table is also marked dead below the numbers of the new parts' successors.
    const planned = Array.from(months, (month, i) => newPart(core, { month, minTime: min[i]!, maxTime: max[i]! }));
    await saveNextPart(core);
    generation.sealing = true;
    return planned;
  });
  const grain = generation.rows < core.limits.exactOwners ? 1 : OWNER_GRAIN;
  try {
    for (const part of parts) {
      const [from, to] = [monthStart(part.month), monthStart(part.month + 1)];
      const source = `SELECT series, time, value AS v, uplink, revision, contested, marks FROM ${table} WHERE time >= ${int(from)} AND time < ${int(to)}`;
      part.rows = await writePart(core, connection, part, rawFile(source, grain));
    }
    await commitSealed(core, generation, parts);
  } catch (error) {
    await discard(core, parts);
    throw error;
  }
}

/** Removes the files of parts that were not committed; those of a full disk would be missed. */
export async function discard({ files, views }: Core, parts: readonly Part[]): Promise<void> {
  const gone = parts.filter((p) => !views.current.parts.includes(p));
  await files.remove(gone.flatMap((p) => [files.raw(p), files.hours(p)])).catch(() => {}); // the next start does it
}

export function newPart(core: Core, of: Pick<Part, 'month' | 'minTime' | 'maxTime'>): Part {
  return { ...of, id: core.state.nextPart++, raw: true, rows: 0, settled: false, dropped: [] };
}

/** Writes both files of a part and makes them durable; the number of its raw rows. */
async function writePart(core: Core, connection: DuckDBConnection, part: Part, raw: string): Promise<number> {
  const { files } = core;
  const [[count] = []] = await readRows(connection, copyTo(raw, files.raw(part)));
  const source = `SELECT * FROM ${parquet([files.raw(part)])}`;
  await connection.run(copyTo(`${hoursFile(source, specialSeries(core))} ORDER BY series, hour`, files.hours(part)));
  await files.sync([files.raw(part), files.hours(part)]);
  return Number(count);
}

async function commitSealed(core: Core, generation: Generation, parts: readonly Part[]): Promise<void> {
  const { writer, views, files } = core;
  const kept = parts.filter((p) => p.rows > 0);
  const { drained } = await core.exclusive(async () => {
    await transaction(writer, async () => {
      await insertParts(writer, kept);
      await writer.run(`DELETE FROM generation WHERE id = ${int(generation.id)}`);
    });
    const { generations, parts: former } = views.current;
    return {
      drained: views.swap(
        new View(
          generations.filter((g) => g !== generation),
          [...former, ...kept],
        ),
      ),
    };
  });
  const dropping = drained.then(() => drop(core, generation));
  // Who is late still ends one day. Should the store be closed by then, the next start drops the table.
  dropping.catch(() => {});
  await within(dropping, DRAIN_MS, `series: somebody still reads ${hotTable(generation)}, which is sealed`);
  await files.remove(parts.filter((p) => p.rows === 0).flatMap((p) => [files.raw(p), files.hours(p)]));
}

function drop({ exclusive, writer }: Core, generation: Generation): Promise<void> {
  return exclusive(
    async () => {
      await writer.run(`DROP TABLE ${hotTable(generation)}`);
      // Gives the end of the file back to the disk; refused while somebody reads, then a later one does.
      await writer.run('CHECKPOINT').catch(() => {});
    },
    { always: true },
  );
}

export async function insertParts(writer: DuckDBConnection, parts: readonly Part[]): Promise<void> {
  for (const p of parts)
    await writer.run('INSERT INTO part VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
      p.id,
      p.month,
      p.raw,
      p.rows,
      p.minTime,
      p.maxTime,
      p.settled,
      JSON.stringify(p.dropped),
    ]);
}

export function specialSeries({ dictionary, meaning }: Core): Special {
  const circular: number[] = [];
  const counter: number[] = [];
  dictionary.refs.forEach(({ quantity }, id) => {
    const what = meaning(baseOf(quantity));
    if (what === 'circular') circular.push(id);
    else if (what === 'counter') counter.push(id);
  });
  return { circular, counter };
}

/** Whether rows are old or many enough to be closed. */
export function isDue(core: Core, now: number): boolean {
  const { rows, since } = core.views.current.open;
  return rows >= core.limits.sealRows || (rows > 0 && now - since >= core.limits.sealAfter);
}
