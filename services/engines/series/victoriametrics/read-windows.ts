/**
 * Aggregates in windows, by the server's own functions over raw samples: there are no rollups here to go out of date
 * (docs/decisions/008). What MetricsQL has no exact function for is put together from raw samples in raw-windows.ts.
 */
import type { Aggregate, Windows, WindowsQuery } from '../../../model/series.ts';
import { baseOf, type SeriesDictionary } from '../dictionary.ts';
import { homesOf } from '../line-protocol/homes.ts';
import type { Meaning } from '../meaning.ts';
import { meanDirection, readDirections, readRises } from './raw-windows.ts';
import type { Matrix, SelectApi } from './select-api.ts';
import { selector } from './selector.ts';
import { type Cell, WindowCells } from './window-cells.ts';

export interface Reading {
  api: SelectApi;
  dictionary: SeriesDictionary;
  meaning: (quantity: string) => Meaning;
}

// Below the server's limits: -search.maxPointsPerTimeseries 30,000, -search.maxQueryLen 16 KiB at ids of 64 characters.
const MOST_WINDOWS = 10_000;
const MOST_ASSETS = 150;

type Primitive = 'count' | 'sum' | 'min' | 'max' | 'first' | 'last';

const NEEDS: Record<Aggregate, readonly Primitive[]> = {
  avg: ['sum', 'count'],
  min: ['min'],
  max: ['max'],
  sum: ['sum'],
  count: ['count'],
  first: ['first'],
  last: ['last'],
};

const READ: Record<Aggregate, (cell: Cell) => number> = {
  avg: (cell) => cell.sum / cell.count,
  min: (cell) => cell.min,
  max: (cell) => cell.max,
  sum: (cell) => cell.sum,
  count: (cell) => cell.count,
  first: (cell) => cell.first,
  last: (cell) => cell.last,
};

export async function readWindows(reading: Reading, query: WindowsQuery): Promise<Windows> {
  const cells = new WindowCells(query.window);
  const meaning = reading.meaning(baseOf(query.quantity));
  const circular = meaning === 'circular' && query.aggregates.includes('avg');
  const counter = meaning === 'counter' && query.aggregates.includes('sum');
  const known = pick(reading.dictionary, query);
  if (known.length > 0 && query.to > query.from) {
    // Only a window with values is a row, and each of these is asked for just where there are some.
    const needs = new Set(
      query.aggregates.flatMap((a): readonly Primitive[] =>
        (a === 'sum' && counter) || (a === 'avg' && circular) ? ['count'] : NEEDS[a],
      ),
    );
    for (const part of parts(known)) for (const need of needs) await addPrimitive(reading, query, part, need, cells);
    if (circular) await readDirections(reading.api, query, known, cells);
    if (counter) await readRises(reading.api, query, known, cells);
  }
  return cells.table(
    query.aggregates.map((aggregate) => {
      if (aggregate === 'avg' && circular) return meanDirection;
      if (aggregate === 'sum' && counter) return (cell: Cell) => cell.rise;
      return READ[aggregate];
    }),
  );
}

/** An asset asked for, with the types its values were written under. */
export interface PickedAsset {
  asset: string;
  group: string;
  types: readonly string[];
}

function pick(dictionary: SeriesDictionary, query: WindowsQuery): PickedAsset[] {
  return query.assets.flatMap((asset, i) => {
    const id = dictionary.find(asset, query.quantity);
    if (id === undefined) return [];
    const types = homesOf(dictionary, id);
    return [{ asset, group: query.groups[i]!, types }]; // one group an asset
  });
}

interface Part {
  type: string;
  assets: readonly PickedAsset[];
}

/** Assets that can be asked for at once. A type at a time: functions drop its name, and a moved asset has several. */
function parts(known: readonly PickedAsset[]): Part[] {
  const byType = new Map<string, PickedAsset[]>();
  for (const asset of known) for (const type of asset.types) byType.set(type, [...(byType.get(type) ?? []), asset]);
  const found: Part[] = [];
  for (const [type, assets] of byType)
    for (let i = 0; i < assets.length; i += MOST_ASSETS) found.push({ type, assets: assets.slice(i, i + MOST_ASSETS) });
  return found;
}

async function addPrimitive(
  { api }: Reading,
  query: WindowsQuery,
  { type, assets }: Part,
  need: Primitive,
  cells: WindowCells,
): Promise<void> {
  const groups = new Map(assets.map(({ asset, group }) => [asset, group]));
  const source = selector({ types: [type], assets: [...groups.keys()], quantity: query.quantity, field: 'value' });
  for (const span of spans(query)) {
    const ask = (name: string) => askSpan(api, `${name}_over_time(${source}[${span.width}ms])`, span);
    const values = await ask(need);
    const times = need === 'first' || need === 'last' ? await ask(`t${need}`) : [];
    const timesOf = new Map(times.map((m) => [nameOf(m), new Map(m.time.map((t, i) => [t, m.value[i]! * 1000]))]));
    for (const row of values) {
      const group = groups.get(row.labels.asset ?? '');
      if (group === undefined) continue;
      row.time.forEach((at, i) => {
        const when = timesOf.get(nameOf(row))?.get(at) ?? 0;
        combine(cells.at(group, at), need, row.value[i]!, when); // `at` is the last millisecond of its window
      });
    }
  }
}

function combine(cell: Cell, need: Primitive, value: number, when: number): void {
  if (need === 'count') cell.count += value;
  else if (need === 'sum') cell.sum += value;
  else if (need === 'min') cell.min = Math.min(cell.min, value);
  else if (need === 'max') cell.max = Math.max(cell.max, value);
  else if (need === 'first' && when < cell.firstAt) Object.assign(cell, { first: value, firstAt: when });
  else if (need === 'last' && when >= cell.lastAt) Object.assign(cell, { last: value, lastAt: when });
}

interface Span {
  /** Last millisecond of the first and of the last window. */
  start: number;
  end: number;
  /** How far each looks back, ms. */
  width: number;
  step: number;
}

/** Whole windows together, those the period cuts one by one. A window of MetricsQL is open at its old end. */
function spans({ from, to, window }: WindowsQuery): Span[] {
  const one = (a: number, b: number): Span => ({ start: b - 1, end: b - 1, width: b - a, step: window });
  const first = Math.ceil(from / window) * window;
  const last = Math.floor(to / window) * window;
  if (first > last) return [one(from, to)];
  const found: Span[] = [];
  if (from < first) found.push(one(from, first));
  for (let a = first; a < last; a += MOST_WINDOWS * window) {
    const b = Math.min(last, a + MOST_WINDOWS * window);
    found.push({ start: a + window - 1, end: b - 1, width: window, step: window });
  }
  if (last < to) found.push(one(last, to));
  return found;
}

async function askSpan(api: SelectApi, expression: string, { start, end, step }: Span): Promise<Matrix[]> {
  return start === end ? await api.query(expression, start) : await api.queryRange(expression, { start, end, step });
}

function nameOf({ labels }: Matrix): string {
  return `${labels.asset} ${labels.owner}`;
}
