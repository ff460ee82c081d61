/** Which rollups and which raw rows answer a question about windows: SELECTs that together count every reading once. */
import type { WindowsQuery } from '../../../model/series.ts';
import { baseOf } from '../dictionary.ts';
import type { Core } from './core.ts';
import { HOURS } from './encode.ts';
import type { Snapshot } from './snapshot.ts';
import { dirtyHours, hotRows, parquet, sealedRows, type Where } from './sources.ts';
import { HOUR, int, monthStart } from './sql.ts';
import type { Part, View } from './view.ts';

/** What an aggregate may need of a source. `t` orders rows for first and last. */
export type Columns = 'count' | 'total' | 'low' | 'high' | 'first' | 'last' | 'rise' | 'sine' | 'cosine' | 't';
export type Plan = string[];

const OF_HOUR: Record<Columns, string> = {
  count: HOURS.count,
  total: HOURS.total,
  low: HOURS.low,
  high: HOURS.high,
  first: HOURS.first,
  last: HOURS.last,
  rise: 'coalesce(rise, 0)',
  sine: 'sine',
  cosine: 'cosine',
  t: `hour * ${HOUR}::DOUBLE`,
};

const OF_ROW: Record<Columns, string> = {
  count: '1',
  total: 'value',
  low: 'value',
  high: 'value',
  first: 'value',
  last: 'value',
  rise: '0',
  sine: 'sin(radians(value))',
  cosine: 'cos(radians(value))',
  t: 'time',
};

export interface Need {
  columns: readonly Columns[];
  /** The order of values within an hour matters: a month is taken from rollups only if one part holds all of it. */
  ordered: boolean;
}

/** SELECTs of series, w (number of the window) and the columns. Empty when there is nothing to read. */
export function planSources(
  core: Core,
  snapshot: Snapshot,
  query: WindowsQuery,
  picked: { series: readonly number[] },
  need: Need,
): Plan {
  const { view, deadMonths } = snapshot;
  const quantity = baseOf(query.quantity);
  const series = picked.series.length === 1 ? { series: picked.series[0]! } : {};
  const ofRows = rowColumns(need.columns, query.window);
  const hourly = query.window % HOUR === 0;
  const ofHours = hourly ? hourColumns(need.columns, query.window) : '';
  const rawFrom = Math.max(query.from, core.retention.rawBefore(quantity));
  const rows = (selects: readonly string[]): string[] => selects.map((s) => `${ofRows} FROM (${s})`);
  const sealed = (parts: readonly Part[], from: number, to: number): string[] =>
    sealedRows(core.files, parts, deadMonths, { ...series, from: Math.max(from, rawFrom), to });

  const plan: Plan = rows(hotRows(view.generations, { ...series, from: hourly ? query.from : rawFrom, to: query.to }));
  const clean: Part[] = [];
  for (const [month, parts] of monthsOf(view, query)) {
    const from = Math.max(query.from, monthStart(month));
    const to = Math.min(query.to, monthStart(month + 1));
    // The whole hours of the period; none where the two cross.
    const hourFrom = Math.ceil(from / HOUR) * HOUR;
    const hourTo = Math.floor(to / HOUR) * HOUR;
    const hasRaw = from >= rawFrom && parts.every((p) => p.raw && !p.dropped.includes(quantity));
    const mixed = need.ordered && hasRaw && !isWhole(view, month, parts, deadMonths);
    if (!hourly || mixed || hourTo <= hourFrom) {
      plan.push(...rows(sealed(parts, from, to)));
      continue;
    }
    plan.push(...rows(sealed(parts, from, hourFrom)), ...rows(sealed(parts, hourTo, to)));
    if (!deadMonths.has(month) || !parts.some((p) => p.raw)) {
      clean.push(...parts);
      continue;
    }
    const dirty = dirtyHours(month);
    const hours = hoursOf(core, parts, { ...series, from: hourFrom, to: hourTo });
    plan.push(
      `${ofHours} FROM (${hours}) AS h WHERE NOT EXISTS (SELECT 1 FROM (${dirty}) AS d WHERE d.series = h.series AND d.hour = h.hour)`,
      ...sealed(parts, hourFrom, hourTo).map(
        (s) =>
          `${ofRows} FROM (${s}) AS r WHERE EXISTS (SELECT 1 FROM (${dirty}) AS d WHERE d.series = r.series AND d.hour = floor(r.time / ${HOUR})::INTEGER)`,
      ),
    );
  }
  if (clean.length > 0) {
    const [from, to] = [Math.ceil(query.from / HOUR) * HOUR, Math.floor(query.to / HOUR) * HOUR];
    plan.push(`${ofHours} FROM (${hoursOf(core, clean, { ...series, from, to })})`);
  }
  return plan;
}

function hoursOf({ files }: Core, parts: readonly Part[], { series, from, to }: Where): string {
  const one = series === undefined ? '' : `series = ${int(series)} AND `;
  return `SELECT * FROM ${parquet(parts.map((p) => files.hours(p)))} WHERE ${one}hour >= ${int(from / HOUR)} AND hour < ${int(to / HOUR)}`;
}

function rowColumns(columns: readonly Columns[], window: number): string {
  return `SELECT series, floor(time / ${int(window)})::INTEGER AS w${columns.map((c) => `, ${OF_ROW[c]} AS ${c}`).join('')}`;
}

function hourColumns(columns: readonly Columns[], window: number): string {
  return `SELECT series, ${window === HOUR ? 'hour' : `(hour // ${int(window / HOUR)})::INTEGER`} AS w${columns.map((c) => `, ${OF_HOUR[c]} AS ${c}`).join('')}`;
}

function monthsOf(view: View, { from, to }: WindowsQuery): [number, Part[]][] {
  // All parts of a month that has any: whether a month is whole is asked of them together.
  const months = new Set(view.partsBetween(from, to).map((p) => p.month));
  const parts = view.parts.filter((p) => months.has(p.month));
  return [...Map.groupBy(parts, (p) => p.month)].sort(([a], [b]) => a - b);
}

// One part, nothing dead, nothing hot: then an hour of the rollup is the whole hour.
function isWhole(view: View, month: number, parts: readonly Part[], dead: ReadonlySet<number>): boolean {
  const [from, to] = [monthStart(month), monthStart(month + 1)];
  return parts.length === 1 && !dead.has(month) && view.generations.every((g) => g.minTime >= to || g.maxTime < from);
}
