/**
 * Hours of many series added up by the server, group by group, where a window has many hours: a year of daily figures of
 * all assets is then few rows. Only for what can be added up, and only where the rollups are up to date.
 */
import type { WindowsQuery } from '../../../model/series.ts';
import { hourlyOf } from '../line-protocol/encode-lines.ts';
import { type Core, DAY, HOUR } from './core.ts';
import { streamSelects } from './read-spans.ts';
import { selectSpans } from './spans.ts';
import type { Picked } from './windows.ts';

const ADDABLE = ['avg', 'min', 'max', 'sum', 'count'];
// InfluxDB 1 groups by time about as slowly as it gives the hours: with windows of a day it takes a third of the time, with
// windows of an hour half as much again (360,000 hours, docs/decisions/007).
const SHORTEST = DAY;
// Below this, reading the hours themselves is as fast.
const MANY = 20;
// So many of a hundred series may have older hours to recompute; they are read one by one.
const STRAGGLERS = 0.05;

export interface GroupPlan {
  /** Series whose hours from `from` to `to` the server can add up; hours since 1970. */
  series: Set<number>;
  from: number;
  to: number;
}

/** `undefined` when the hours have to be read. */
export function planGroups(
  core: Core,
  query: WindowsQuery,
  { series }: Picked,
  hours: [number, number],
): GroupPlan | undefined {
  const [from, to] = hours;
  const meaning = core.meaning(query.quantity.split('.', 1)[0]!); // splitting gives at least one
  if (
    series.length <= MANY ||
    query.window < SHORTEST ||
    meaning !== 'plain' ||
    !query.aggregates.every((a) => ADDABLE.includes(a))
  )
    return undefined;
  // Nearly all series have the hour that runs now to recompute, and few have older ones: the former sets the end.
  const oldest = series.map((id) => core.dirty.of(id, from, to)[0] ?? to);
  const until = oldest.toSorted((a, b) => a - b)[Math.floor(series.length * STRAGGLERS)]!; // there are more than MANY
  if (until <= from) return undefined;
  return { series: new Set(series.filter((_, i) => oldest[i]! >= until)), from, to: until };
}

export interface Added {
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** Calls `each` for what a group has in a window: more than once for large groups. `time` is the beginning of the window. */
export async function readGroups(
  core: Core,
  query: WindowsQuery,
  { placeOf, names }: Picked,
  plan: GroupPlan,
  signal: AbortSignal,
  each: (place: number, time: number, added: Added) => void,
): Promise<void> {
  const { series, from, to } = plan;
  const byPlace = Map.groupBy(series, (id) => placeOf.get(id)!); // every picked series has a place
  for (const place of names.keys()) {
    const spans = (byPlace.get(place) ?? []).map((id) => ({ series: id, from: from * HOUR, to: to * HOUR }));
    const selects = selectSpans(spans, {
      dictionary: core.dictionary,
      columns: 'sum("count"), sum("sum"), min("min"), max("max")',
      measurement: hourlyOf,
      and: core.erasing.hours,
      groupBy: `time(${query.window}ms) fill(none)`,
    });
    await streamSelects(core, selects, signal, ({ values }) => {
      for (const row of values) {
        const [time, count, sum, min, max] = row as [number, number | null, number, number, number]; // the columns asked for
        if (count !== null && count > 0) each(place, time, { count, sum, min, max });
      }
    });
  }
}
