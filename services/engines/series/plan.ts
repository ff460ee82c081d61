/** Which rollups and which raw rows answer a question about windows: SELECTs that together count every reading once. */
import type { WindowsQuery } from '../../model/series.ts';
import type { Core } from './core.ts';
import { baseOf } from './dictionary.ts';
import { HOURS } from './encode.ts';
import type { Snapshot } from './snapshot.ts';
import { dirtyHours, hotRows, parquet, sealedRows, type Where } from './sources.ts';
import { HOUR, int, monthOf, monthStart } from './sql.ts';
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
  const { window } = query;
  const series = picked.series.length === 1 ? picked.series[0] : undefined;
  const rawFrom = Math.max(query.from, core.retention.rawBefore(baseOf(query.quantity)));
  const hourly = window % HOUR === 0;
  const first = Math.ceil(query.from / HOUR) * HOUR;
  const last = Math.floor(query.to / HOUR) * HOUR;
  const where = (from: number, to: number): Where => ({ ...(series === undefined ? {} : { series }), from, to });
  const ofRows = rowColumns(need.columns, window);
  const raw = (parts: readonly Part[], from: number, to: number): string[] =>
    to <= Math.max(from, rawFrom)
      ? []
      : sealedRows(core.files, parts, deadMonths, where(Math.max(from, rawFrom), to)).map(
          (s) => `${ofRows} FROM (${s})`,
        );
  const plan: Plan = hotRows(view.generations, where(hourly ? query.from : rawFrom, query.to)).map(
    (s) => `${ofRows} FROM (${s})`,
  );
  const rolled: string[] = [];
  for (const month of monthsOf(view, query)) {
    const parts = view.parts.filter((p) => p.month === month);
    const [from, to] = [Math.max(query.from, monthStart(month)), Math.min(query.to, monthStart(month + 1))];
    const quantity = baseOf(query.quantity);
    const hasRaw = parts.every((p) => p.raw && !p.dropped.includes(quantity)) && from >= rawFrom;
    const mixed = need.ordered && hasRaw && !isWhole(view, month, parts, deadMonths);
    if (!hourly || mixed) {
      plan.push(...raw(parts, from, to));
      continue;
    }
    const [hourFrom, hourTo] = [Math.max(from, first), Math.min(to, last)];
    if (hourTo <= hourFrom) {
      plan.push(...raw(parts, from, to));
      continue;
    }
    plan.push(...raw(parts, from, hourFrom), ...raw(parts, hourTo, to));
    const hours = `${series === undefined ? '' : `series = ${int(series)} AND `}hour >= ${int(hourFrom / HOUR)} AND hour < ${int(hourTo / HOUR)}`;
    const paths = parts.map((p) => core.files.hours(p));
    const dirty = deadMonths.has(month) && parts.some((p) => p.raw);
    if (!dirty) {
      rolled.push(...paths);
      continue;
    }
    plan.push(
      `${hourColumns(need.columns, window)} FROM ${parquet(paths)} AS h WHERE ${hours}
         AND NOT EXISTS (SELECT 1 FROM (${dirtyHours(month)}) AS d WHERE d.series = h.series AND d.hour = h.hour)`,
      ...sealedRows(core.files, parts, deadMonths, where(hourFrom, hourTo)).map(
        (s) => `${ofRows} FROM (${s}) AS r WHERE EXISTS
          (SELECT 1 FROM (${dirtyHours(month)}) AS d WHERE d.series = r.series AND d.hour = floor(r.time / ${HOUR})::INTEGER)`,
      ),
    );
  }
  if (rolled.length > 0) {
    const hours = `${series === undefined ? '' : `series = ${int(series)} AND `}hour >= ${int(first / HOUR)} AND hour < ${int(last / HOUR)}`;
    plan.push(`${hourColumns(need.columns, window)} FROM ${parquet(rolled)} WHERE ${hours}`);
  }
  return plan;
}

function rowColumns(columns: readonly Columns[], window: number): string {
  return `SELECT series, floor(time / ${int(window)})::BIGINT AS w${columns.map((c) => `, ${OF_ROW[c]} AS ${c}`).join('')}`;
}

function hourColumns(columns: readonly Columns[], window: number): string {
  return `SELECT series, (hour // ${int(window / HOUR)})::BIGINT AS w${columns.map((c) => `, ${OF_HOUR[c]} AS ${c}`).join('')}`;
}

function monthsOf(view: View, { from, to }: WindowsQuery): number[] {
  const months = new Set(view.partsBetween(monthOf(from), monthOf(to - 1)).map((p) => p.month));
  return [...months].sort((a, b) => a - b);
}

// One part, nothing dead, nothing hot: then an hour of the rollup is the whole hour.
function isWhole(view: View, month: number, parts: readonly Part[], dead: ReadonlySet<number>): boolean {
  const [from, to] = [monthStart(month), monthStart(month + 1)];
  return parts.length === 1 && !dead.has(month) && view.generations.every((g) => g.minTime >= to || g.maxTime < from);
}
