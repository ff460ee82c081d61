/** The values of one series in a period, a page at a time. */
import type { Points, PointsQuery } from '../../../model/series.ts';
import { baseOf } from '../dictionary.ts';
import type { Core } from './core.ts';
import type { Snapshot } from './snapshot.ts';
import { hotRows, sealedRows } from './sources.ts';
import { int, readNumbers } from './sql.ts';

// Made anew each time: whoever gets it may hand its buffers to another thread.
const noPoints = (): Points => ({ time: new Float64Array(), value: new Float64Array(), marks: new Uint8Array() });

export async function readPoints(
  core: Core,
  { connection, view, deadMonths }: Snapshot,
  query: PointsQuery,
): Promise<Points> {
  const series = core.dictionary.find(query.asset, query.quantity);
  const from = Math.max(query.from, core.retention.rawBefore(baseOf(query.quantity)));
  if (series === undefined || query.to <= from) return noPoints();
  const where = { series, from, to: query.to };
  const parts = view.partsBetween(from, query.to);
  const selects = [...hotRows(view.generations, where), ...sealedRows(core.files, parts, deadMonths, where)];
  if (selects.length === 0) return noPoints();
  const [time, value, marks] = (await readNumbers(
    connection,
    `SELECT time, value, marks FROM (${selects.join(' UNION ALL ')}) ORDER BY time LIMIT ${int(query.limit + 1)}`,
  )) as [Float64Array, Float64Array, Float64Array]; // three columns are selected
  if (time.length <= query.limit) return { time, value, marks: Uint8Array.from(marks) };
  return {
    time: time.slice(0, query.limit),
    value: value.slice(0, query.limit),
    marks: Uint8Array.from(marks.subarray(0, query.limit)),
    next: time[query.limit]!, // there is one more than the limit
  };
}
