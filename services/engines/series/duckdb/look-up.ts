/** Finds the stored values of a set of keys: one join with each hot table and one with the sealed files of their months. */

import { type Key, keyName, type Range, type Stored } from '../decide.ts';
import { appendColumns } from './append.ts';
import type { Core } from './core.ts';
import { ordinalOf, parquet, SEALED_VALUE } from './sources.ts';
import { int, monthOf, readNumbers } from './sql.ts';
import { hotTable, type Part } from './view.ts';

/** Runs within the transaction of the writer, so that the row ids found stay true until they are used. */
export async function lookUp(core: Core, wanted: readonly Key[]): Promise<[string, Stored][]> {
  const { writer, views } = core;
  if (wanted.length === 0) return [];
  const times = wanted.map((k) => k.time);
  await writer.run('DELETE FROM temp.wanted');
  await appendColumns(writer, 'wanted', [wanted.map((k) => k.series), times], wanted.length, 'temp');
  const months = new Set(times.map(monthOf));
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const t of times) {
    if (t < min) min = t;
    if (t > max) max = t;
  }
  const selects: string[] = [];
  for (const g of views.current.generations)
    if (g.minTime <= max && g.maxTime >= min)
      selects.push(
        `SELECT w.series, w.time, ${int(g.id)} AS generation, h.rowid::DOUBLE AS row, h.value, h.uplink, h.revision, h.contested, h.uplink, 1
         FROM temp.wanted AS w JOIN ${hotTable(g)} AS h ON h.series = w.series AND h.time = w.time`,
      );
  for (const part of views.current.parts)
    if (part.raw && months.has(part.month) && part.minTime <= max && part.maxTime >= min)
      selects.push(sealedSelect(core, part));
  const found: [string, Stored][] = [];
  for (const select of selects) found.push(...(await read(core, select)));
  return found;
}

// Found in a file and not dead there. The join comes first: by its keys most row groups are passed over unread, and few
// rows are left to be looked for among the dead.
function sealedSelect({ files }: Core, part: Part): string {
  return `SELECT * FROM (
      SELECT w.series, w.time, -1 AS generation, 0 AS row, ${SEALED_VALUE} AS value, r.uplink, r.revision, r.contested::INTEGER,
        r.about * r.grain, r.grain
      FROM temp.wanted AS w JOIN ${parquet([files.raw(part)])} AS r
        ON r.ordinal = ${ordinalOf('w.time::BIGINT', 'w.series')}) AS found
    WHERE NOT EXISTS (SELECT 1 FROM dead AS d WHERE d.month = ${int(part.month)}
      AND d.series = found.series AND d.time = found.time AND d.below > ${int(part.id)})`;
}

async function read(core: Core, select: string): Promise<[string, Stored][]> {
  const columns = await readNumbers(core.writer, select);
  const [series, time, generation, row, value, uplink, revision, contested, about, grain] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]; // ten columns are selected
  const found: [string, Stored][] = [];
  for (let i = 0; i < series.length; i++)
    found.push([
      keyName(series[i]!, time[i]!),
      {
        generation: generation[i]!,
        row: row[i]!,
        value: value[i]!,
        uplinks: ownerOf(uplink[i]!, about[i]!, grain[i]!),
        revision: Number.isNaN(revision[i]) ? 0 : revision[i]!,
        contested: contested[i] === 1,
      },
    ]);
  return found;
}

// NULL comes as NaN: the offset itself is kept of contested values, else the grain it is in, else nothing.
function ownerOf(uplink: number, about: number, grain: number): Range {
  if (!Number.isNaN(uplink)) return { from: uplink, to: uplink };
  if (!Number.isNaN(about)) return { from: about, to: about + grain - 1 };
  return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
}
