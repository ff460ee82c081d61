/**
 * Aggregates in windows over one or many series. Whole hours come from the rollups of sealed parts plus the rows that are
 * still hot, which is the same sum; hours with dead rows, and the ends of a period that are no whole hours, come from raw.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Aggregate, Windows, WindowsQuery } from '../../../model/series.ts';
import { baseOf } from '../dictionary.ts';
import { appendColumns } from './append.ts';
import type { Core } from './core.ts';
import { type Columns, type Plan, planSources } from './plan.ts';
import { rises } from './rises.ts';
import { type Snapshot, withSnapshot } from './snapshot.ts';
import { int, readNumbers } from './sql.ts';

// A mean direction of opposite winds is no direction: the resultant must be longer than rounding.
const CIRCULAR_MEAN =
  'CASE WHEN sqrt(sum(sine) ** 2 + sum(cosine) ** 2) > 1e-9 * sum(count) THEN (degrees(atan2(sum(sine), sum(cosine))) + 360) % 360 END';

const EXPRESSIONS: Record<Aggregate, { sql: string; needs: Columns[] }> = {
  avg: { sql: 'sum(total) / sum(count)', needs: ['total', 'count'] },
  min: { sql: 'min(low)', needs: ['low'] },
  max: { sql: 'max(high)', needs: ['high'] },
  sum: { sql: 'sum(total)', needs: ['total'] },
  count: { sql: 'sum(count)', needs: ['count'] },
  first: { sql: 'arg_min(first, t)', needs: ['first', 't'] },
  last: { sql: 'arg_max(last, t)', needs: ['last', 't'] },
};

/** Series asked for and the group each counts in, by its place in the sorted names. */
export interface Picked {
  series: number[];
  group: number[];
  names: string[];
}

export function pickSeries(core: Core, query: WindowsQuery): Picked {
  const names = [...new Set(query.groups)].sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const picked: Picked = { series: [], group: [], names };
  query.assets.forEach((asset, i) => {
    const id = core.dictionary.find(asset, query.quantity);
    if (id === undefined) return;
    picked.series.push(id);
    picked.group.push(place.get(query.groups[i]!)!); // one group an asset
  });
  return picked;
}

export async function readWindows(
  core: Core,
  connection: DuckDBConnection,
  query: WindowsQuery,
  picked: Picked,
): Promise<Windows> {
  const none: Windows = { group: [], time: new Float64Array(), values: query.aggregates.map(() => new Float64Array()) };
  if (picked.series.length === 0 || query.to <= query.from) return none;
  if (picked.series.length > 1) {
    await connection.run('DELETE FROM temp.picked');
    await appendColumns(connection, 'picked', [picked.series, picked.group], picked.series.length, 'temp');
  }
  const meaning = core.meaning(baseOf(query.quantity));
  const counter = meaning === 'counter' ? query.aggregates.indexOf('sum') : -1;
  return withSnapshot(core, connection, async (snapshot) => {
    const rows = await ask(core, snapshot, query, picked, meaning === 'circular');
    if (!rows) return none;
    if (counter >= 0) rows.values[counter] = await rises(core, snapshot, query, picked, rows);
    return { ...rows, group: rows.places.map((place) => picked.names[place]!) };
  });
}

/** Windows before their groups have names again. */
export interface Rows {
  places: number[];
  time: Float64Array;
  values: Float64Array[];
}

async function ask(
  core: Core,
  snapshot: Snapshot,
  query: WindowsQuery,
  picked: Picked,
  circular: boolean,
): Promise<Rows | undefined> {
  const wanted = query.aggregates.map((a) =>
    a === 'avg' && circular ? { sql: CIRCULAR_MEAN, needs: ['sine', 'cosine', 'count'] as Columns[] } : EXPRESSIONS[a],
  );
  const columns = [...new Set<Columns>(wanted.flatMap((w) => w.needs))];
  const ordered = query.aggregates.some((a) => a === 'first' || a === 'last');
  const plan = planSources(core, snapshot, query, picked, { columns, ordered });
  if (plan.length === 0) return undefined;
  const [place, time, ...values] = (await readNumbers(
    snapshot.connection,
    grouped(
      plan,
      picked,
      query.window,
      wanted.map((w) => w.sql),
    ),
  )) as [Float64Array, Float64Array, ...Float64Array[]]; // group, time, then one a wanted
  return { places: Array.from(place), time, values };
}

function grouped(plan: Plan, picked: Picked, window: number, wanted: readonly string[]): string {
  const one = picked.series.length === 1;
  const place = one ? int(picked.group[0]!) : 'place';
  const groups = one ? 'w' : 'place, w';
  return `SELECT ${place} AS place, w * ${int(window)}::DOUBLE AS time, ${wanted.map((sql) => `(${sql})::DOUBLE`).join(', ')}
    FROM (${plan.join(' UNION ALL ')}) ${one ? '' : 'JOIN temp.picked USING (series)'} GROUP BY ${groups} ORDER BY ${groups}`;
}
