/** The values of one series in a period, a page at a time. */
import type { Points, PointsQuery } from '../../../model/series.ts';
import { baseOf } from '../dictionary.ts';
import { homesOf } from '../line-protocol/homes.ts';
import type { Core } from './core.ts';
import { QueryError } from './influx-client.ts';
import { isEmpty } from './influx-server.ts';
import { name, text, within } from './influxql.ts';

export async function readPoints(core: Core, query: PointsQuery, signal: AbortSignal): Promise<Points> {
  const { asset, quantity, to, limit } = query;
  const series = core.dictionary.find(asset, quantity);
  const from = Math.max(query.from, core.retention.rawBefore(baseOf(quantity)));
  const rows: [time: number, value: number, marks: number][] = [];
  if (series !== undefined && to > from) {
    const where = `"asset" = ${text(asset)} AND "quantity" = ${text(quantity)} AND ${within(from, to)}${core.erasing.values}`;
    // One more than asked for says where the next page begins. A moved asset has values under each of its types.
    const homes = homesOf(core.dictionary, series);
    const statements = homes.map(
      (type) => `SELECT "value", "marks" FROM ${name(type)} WHERE ${where} ORDER BY time ASC LIMIT ${limit + 1}`,
    );
    try {
      for await (const { values } of core.client.stream(statements.join(';'), signal))
        for (const [time, value, marks] of values as [number, number, number | null][])
          rows.push([time, value, marks ?? 0]);
    } catch (error) {
      if (!(error instanceof QueryError && isEmpty(error))) throw error;
    }
    if (homes.length > 1) rows.sort(([a], [b]) => a - b);
  }
  const page = rows.slice(0, limit);
  const next = rows[limit]?.[0];
  return {
    time: Float64Array.from(page, ([time]) => time),
    value: Float64Array.from(page, ([, value]) => value),
    marks: Uint8Array.from(page, ([, , marks]) => marks),
    ...(next === undefined ? {} : { next }),
  };
}
