/** Merging parts of a month into one: dead rows leave, powers of ten are made one a series, hours are computed anew. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { baseOf } from '../dictionary.ts';
import { appendColumns } from './append.ts';
import { type Core, DRAIN_MS, transaction, within } from './core.ts';
import { combinedHours, copyTo, hoursFile, mergedFile } from './encode.ts';
import type { Merge } from './plan-merges.ts';
import { discard, insertParts, newPart, specialSeries } from './seal.ts';
import { aliveRows, parquet } from './sources.ts';
import { int, readNumbers, readRows } from './sql.ts';
import { saveNextPart } from './tables.ts';
import { type Part, View } from './view.ts';

/** `connection` is of the merging instance. A crash at any point leaves the old parts or the new one. */
export async function mergeParts(core: Core, connection: DuckDBConnection, merge: Merge): Promise<void> {
  const { part, dead } = await core.exclusive(async () => {
    // What is marked dead from now on is marked below a higher number than the new part's, so it holds there too.
    const planned = newPart(core, {
      month: merge.month,
      minTime: Math.min(...merge.parts.map((p) => p.minTime)),
      maxTime: Math.max(...merge.parts.map((p) => p.maxTime)),
    });
    await saveNextPart(core);
    const columns = await readNumbers(
      core.writer,
      `SELECT month, series, time, below FROM dead WHERE month = ${int(merge.month)}`,
    );
    return { part: planned, dead: columns };
  });
  part.settled = merge.settle;
  part.dropped = [...new Set([...merge.parts.flatMap((p) => p.dropped), ...merge.expired])];
  await connection.run('CREATE OR REPLACE TABLE dead (month INTEGER, series INTEGER, time DOUBLE, below INTEGER)');
  await appendColumns(connection, 'dead', dead, dead[0]!.length); // four columns are selected
  try {
    await writeFiles(core, connection, merge, part);
    await commit(core, merge, part);
  } catch (error) {
    await discard(core, [part]);
    throw error;
  }
}

async function writeFiles(core: Core, connection: DuckDBConnection, merge: Merge, part: Part): Promise<void> {
  const { files } = core;
  const droppedBefore = seriesOf(core, new Set(merge.parts.flatMap((p) => p.dropped)));
  const expired = seriesOf(core, new Set(merge.expired));
  const sources = merge.parts
    .filter((p) => p.raw)
    .map((p) => `SELECT * FROM ${aliveRows(files, p)} ${without(droppedBefore)}`);
  const all = `${files.raw(part)}.all`;
  const hours: string[] = [];
  if (sources.length > 0) {
    const merged = expired.length > 0 ? all : files.raw(part);
    const [[count] = []] = await readRows(
      connection,
      copyTo(mergedFile(sources.join(' UNION ALL '), merge.settle), merged),
    );
    part.rows = Number(count);
    hours.push(hoursFile(`SELECT * FROM ${parquet([merged])}`, specialSeries(core)));
  }
  if (droppedBefore.length > 0) {
    const former = merge.parts.map((p) => `SELECT *, ${int(p.id)} AS part FROM ${parquet([files.hours(p)])}`);
    hours.push(combinedHours(former.join(' UNION ALL '), droppedBefore));
  }
  await connection.run(
    copyTo(
      `SELECT * FROM (${hours.map((h) => `SELECT * FROM (${h})`).join(' UNION ALL ')}) ORDER BY series, hour`,
      files.hours(part),
    ),
  );
  if (sources.length > 0 && expired.length > 0) {
    const kept = `SELECT * FROM ${parquet([all])} ${without(expired)} ORDER BY ordinal`;
    const [[count] = []] = await readRows(connection, copyTo(kept, files.raw(part)));
    part.rows = Number(count);
    await files.remove([all]);
  }
  part.raw = part.rows > 0;
  await files.sync([files.hours(part), ...(part.raw ? [files.raw(part)] : [])]);
}

function without(series: readonly number[]): string {
  return series.length > 0 ? `WHERE series NOT IN (${series.map(int).join(',')})` : '';
}

/** Numbers of the series of these quantities, whatever their channel. */
export function seriesOf({ dictionary }: Core, quantities: ReadonlySet<string>): number[] {
  const ids: number[] = [];
  dictionary.refs.forEach(({ quantity }, id) => {
    if (quantities.has(baseOf(quantity))) ids.push(id);
  });
  return ids;
}

async function commit(core: Core, { month, parts }: Merge, part: Part): Promise<void> {
  const { writer, views, files } = core;
  const { drained } = await core.exclusive(async () => {
    await transaction(writer, async () => {
      await writer.run(`DELETE FROM part WHERE id IN (${parts.map((p) => int(p.id)).join(',')})`);
      await insertParts(writer, [part]);
    });
    const { generations, parts: former } = views.current;
    return { drained: views.swap(new View(generations, [...former.filter((p) => !parts.includes(p)), part])) };
  });
  await within(drained, DRAIN_MS, 'series: somebody still reads the parts that were merged');
  await core.exclusive(async () => {
    // No file that is left holds rows these marks are for.
    const oldest = Math.min(...views.current.parts.filter((p) => p.month === month).map((p) => p.id));
    await writer.run(`DELETE FROM dead WHERE month = ${int(month)} AND below <= ${int(oldest)}`);
  });
  const gone = parts.flatMap((p) => [files.raw(p), files.hours(p)]);
  await files.remove(part.raw ? gone : [...gone, files.raw(part)]);
}
