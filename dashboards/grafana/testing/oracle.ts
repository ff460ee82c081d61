/** What a declared query must answer, computed from the seeded rows in the plainest way: not by either language. */
import { type Group, hasZero, type SeriesQuery, type Shape } from '../layer/query.ts';
import { FROM, type Row, TO } from './seed.ts';

export const HOUR = 3_600_000;

/** `key`: the tags, joined; `step`: begin of the interval in a graph, 0 otherwise. */
export interface Answer {
  key: string;
  step: number;
  value: number;
}

export interface Chosen {
  owners?: readonly string[];
  assets?: readonly string[];
}

export function expected(query: SeriesQuery, shape: Shape, rows: readonly Row[], chosen: Chosen): Answer[] {
  const series = new Map<string, Row[]>();
  for (const row of rows.filter((r) => isAsked(query, r, chosen))) {
    const key = `${row.owner} ${row.asset} ${row.quantity}`;
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  const groups = new Map<string, { key: string; step: number; values: number[]; assets: Set<string> }>();
  for (const all of series.values()) {
    const sorted = all.sort((a, b) => a.time - b.time);
    for (const step of shape === 'graph' ? steps() : [0]) {
      const value = reduce(query, sorted, step);
      if (value === undefined) continue;
      const so = !query.where || holds(value, query.where.is, query.where.limit);
      if (!so && !hasZero(query, shape)) continue;
      const [first] = sorted;
      if (!first) continue;
      const key = tagsFor(query)
        .map((tag) => first[tag])
        .join(' ');
      const group = groups.get(`${key}|${step}`) ?? { key, step, values: [], assets: new Set<string>() };
      if (so) group.values.push(value);
      if (so) group.assets.add(first.asset);
      groups.set(`${key}|${step}`, group);
    }
  }
  return [...groups.values()].map(({ key, step, values, assets }) => ({
    key,
    step,
    value: query.join?.as === 'assets' ? assets.size : joined(query, values),
  }));
}

/** Tags of the answer: those named by `join`, else what tells series apart. */
export function tagsFor(query: SeriesQuery): readonly Group[] {
  if (query.join) return query.join.by;
  const several =
    query.channels || typeof query.quantity !== 'string' || query.quantity === 'chosen' || query.quantity === 'every';
  return several ? ['owner', 'asset', 'quantity'] : ['owner', 'asset'];
}

function isAsked({ types, quantity }: SeriesQuery, row: Row, { owners, assets }: Chosen): boolean {
  const [name = ''] = row.quantity.split('.');
  const any = quantity === 'every' || quantity === 'chosen';
  return (
    (types === 'every' || types.includes(row.type)) &&
    (any || (typeof quantity === 'string' ? quantity === name : quantity.includes(name))) &&
    (owners?.includes(row.owner) ?? true) &&
    (assets?.includes(row.asset) ?? true)
  );
}

function steps(): number[] {
  return Array.from({ length: (TO - FROM) / HOUR }, (_, i) => FROM + i * HOUR);
}

function reduce(
  { reduce: how, field = 'value' }: SeriesQuery,
  sorted: readonly Row[],
  step: number,
): number | undefined {
  const within = sorted.filter((r) => step === 0 || (r.time >= step && r.time < step + HOUR));
  const values = within.map((r) => r[field]);
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return undefined;
  switch (how) {
    case 'mean':
      return sum(values) / values.length;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'last':
      return last;
    case 'sum':
      return sum(values);
    case 'count':
      return values.length;
    case 'change':
      return last - first;
    case 'rise': {
      // From the value before the step, where there is one in the period.
      const before = sorted.filter((r) => step !== 0 && r.time < step).at(-1)?.[field];
      return last - (before ?? first);
    }
  }
}

function holds(value: number, is: string, limit: number): boolean {
  return (
    { '<': value < limit, '<=': value <= limit, '>': value > limit, '>=': value >= limit, '=': value === limit }[is] ??
    false
  );
}

function joined({ join }: SeriesQuery, values: readonly number[]): number {
  switch (join?.as) {
    case 'series':
      return values.length;
    case 'sum':
      return sum(values);
    case 'mean':
      return sum(values) / values.length;
    case 'min':
      return Math.min(...values);
    default:
      return Math.max(...values);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
