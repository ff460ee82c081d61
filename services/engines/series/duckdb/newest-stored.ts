/** The newest value a series has in tables and files: asked only after its newest was retracted. */

import type { Newest } from '../dictionary.ts';
import type { Core } from './core.ts';
import { aliveRows, SEALED_TIME, SEALED_VALUE } from './sources.ts';
import { int, readNumbers } from './sql.ts';
import { hotTable } from './view.ts';

/** Of a sealed value the receipt time is not kept; the time it was measured stands in. */
export async function newestStored(core: Core, series: number): Promise<Newest | undefined> {
  const { generations, parts } = core.views.current;
  let newest: Newest | undefined;
  for (const g of generations)
    newest = newer(
      newest,
      await readOne(
        core,
        `SELECT time, value, received, marks, uplink, revision FROM ${hotTable(g)} WHERE series = ${int(series)} ORDER BY time DESC LIMIT 1`,
      ),
    );
  const months = [...new Set(parts.filter((p) => p.raw).map((p) => p.month))].sort((a, b) => b - a);
  for (const month of months) {
    let found: Newest | undefined;
    for (const part of parts)
      if (part.month === month && part.raw)
        found = newer(
          found,
          await readOne(
            core,
            `SELECT ${SEALED_TIME}::DOUBLE, ${SEALED_VALUE}, ${SEALED_TIME}::DOUBLE, marks, coalesce(uplink, 0)::DOUBLE, coalesce(revision, 0)
             FROM ${aliveRows(core.files, part)} WHERE series = ${int(series)} ORDER BY ordinal DESC LIMIT 1`,
          ),
        );
    if (found) return newer(newest, found);
  }
  return newest;
}

function newer(a: Newest | undefined, b: Newest | undefined): Newest | undefined {
  if (!a || !b) return a ?? b;
  return b.time > a.time ? b : a;
}

async function readOne(core: Core, select: string): Promise<Newest | undefined> {
  const [time, value, received, marks, uplink, revision] = (await readNumbers(core.writer, select)).map((c) => c[0]);
  if (time === undefined) return undefined;
  return {
    time,
    value: value!,
    received: received!,
    marks: marks!,
    uplink: uplink!,
    revision: revision!,
  };
}
