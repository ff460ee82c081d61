/** Points of one series, a page at a time, from the export API. */
import type { Points, PointsQuery } from '../../../model/series.ts';
import type { SeriesDictionary } from '../dictionary.ts';
import { homesOf } from '../line-protocol/homes.ts';
import type { Matrix, SelectApi } from './select-api.ts';
import { selector } from './selector.ts';

// The API knows no limit: periods are asked for until the page is full, longer ones where there is little in them.
const FIRST_SPAN = 7 * 86_400_000;

interface Reading {
  api: SelectApi;
  dictionary: SeriesDictionary;
}

export async function readPoints({ api, dictionary }: Reading, query: PointsQuery): Promise<Points> {
  const { asset, quantity, limit } = query;
  const id = dictionary.find(asset, quantity);
  const last = id === undefined ? undefined : dictionary.newest[id]?.time;
  if (id === undefined || last === undefined) return page([], limit);
  const types = homesOf(dictionary, id);
  const selectors = ['value', 'marks'].map((field) => selector({ types, assets: [asset], quantity, field }));
  const to = Math.min(query.to, last + 1);
  let rows: Row[] = [];
  let span = FIRST_SPAN;
  for (let from = Math.max(0, query.from); from < to && rows.length <= limit; ) {
    const end = Math.min(from + span, to);
    const found = rowsOf(await api.export(selectors, from, end - 1));
    rows = rows.concat(found);
    from = end;
    if (found.length * 4 < limit) span *= 4;
  }
  return page(rows, limit);
}

interface Row {
  time: number;
  value: number;
  marks: number;
}

/** A moved asset has a series under each of its types and owners; no two of them have the same instant. */
function rowsOf(found: readonly Matrix[]): Row[] {
  const marks = new Map<number, number>();
  for (const { labels, time, value } of found)
    if (labels.__name__?.endsWith('_marks')) for (const [i, t] of time.entries()) marks.set(t, value[i]!);
  const rows = new Map<number, Row>();
  for (const { labels, time, value } of found)
    if (labels.__name__?.endsWith('_value'))
      for (const [i, t] of time.entries()) rows.set(t, { time: t, value: value[i]!, marks: marks.get(t) ?? 0 });
  return [...rows.values()].sort((a, b) => a.time - b.time);
}

function page(rows: readonly Row[], limit: number): Points {
  const shown = rows.slice(0, limit);
  const next = rows[limit]?.time;
  return {
    time: Float64Array.from(shown, (row) => row.time),
    value: Float64Array.from(shown, (row) => row.value),
    marks: Uint8Array.from(shown, (row) => row.marks),
    ...(next === undefined ? {} : { next }),
  };
}
