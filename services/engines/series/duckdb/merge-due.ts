/** Merging until nothing is due, in an instance of its own that is there only as long as there is work. */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Core, transaction } from './core.ts';
import { mergeParts, seriesOf } from './merge.ts';
import { type Merge, planMerge } from './plan-merges.ts';
import { insertParts } from './seal.ts';
import { parquet } from './sources.ts';
import { int, monthStart, readNumbers } from './sql.ts';
import { type Part, View } from './view.ts';

export interface MergeDue {
  merger: () => Promise<DuckDBInstance>;
  /** Epoch ms. */
  now: number;
  /** Asked between merges: the store is closing. */
  stopped: () => boolean;
}

export async function mergeDue(core: Core, { merger, now, stopped }: MergeDue): Promise<void> {
  let instance: DuckDBInstance | undefined;
  try {
    while (!stopped()) {
      const { limits, views } = core;
      const dead = await countDead(core);
      const merge = planMerge({
        parts: views.current.parts,
        expired: (month) => expiredIn(core, month),
        dead,
        now,
        limits,
      });
      if (!merge) return;
      instance ??= await merger();
      const connection = await instance.connect();
      try {
        if (merge.expired.length > 0 && !(await isPresent(core, connection, merge))) await markDropped(core, merge);
        else await mergeParts(core, connection, merge);
      } finally {
        connection.closeSync();
      }
    }
  } finally {
    instance?.closeSync();
  }
}

/** Quantities whose raw rows of the month are all older than the policy keeps them. */
function expiredIn({ dictionary, retention }: Core, month: number): string[] {
  const end = monthStart(month + 1);
  return dictionary.quantities().filter((q) => retention.rawBefore(q) >= end);
}

/** Whether the parts hold any raw row of a quantity that expires, and has not before. */
async function isPresent(core: Core, connection: DuckDBConnection, { parts, expired }: Merge): Promise<boolean> {
  for (const part of parts) {
    const series = seriesOf(core, new Set(expired.filter((q) => !part.dropped.includes(q))));
    if (!part.raw || series.length === 0) continue;
    const found = `SELECT series FROM ${parquet([core.files.hours(part)])} WHERE series IN (${series.map(int).join(',')}) LIMIT 1`;
    if ((await readNumbers(connection, found))[0]!.length > 0) return true; // one column is selected
  }
  return false;
}

/** Notes that there is nothing to take out, so that it is not looked for again. */
async function markDropped(core: Core, { parts, expired }: Merge): Promise<void> {
  await core.exclusive(async () => {
    const { writer, views } = core;
    const marked = parts.map((p): Part => ({ ...p, dropped: [...new Set([...p.dropped, ...expired])] }));
    await transaction(writer, async () => {
      await writer.run(`DELETE FROM part WHERE id IN (${parts.map((p) => int(p.id)).join(',')})`);
      await insertParts(writer, marked);
    });
    const { generations, parts: former } = views.current;
    // The same files: nobody has to leave the former view.
    void views.swap(new View(generations, [...former.filter((p) => !parts.includes(p)), ...marked]));
  });
}

async function countDead(core: Core): Promise<Map<number, number>> {
  return await core.exclusive(async () => {
    const [month, n] = await readNumbers(core.writer, 'SELECT month, count(*) FROM dead GROUP BY month');
    return new Map(Array.from(month!, (m, i) => [m, n![i]!])); // two columns are selected
  });
}
