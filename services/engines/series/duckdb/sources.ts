/** Where rows are read from: SELECTs over hot tables and sealed files that give the same columns. */
import type { Files } from './files.ts';
import { DAY, HOUR, int, text } from './sql.ts';
import { type Generation, hotTable, type Part } from './view.ts';

/** A sealed value: an integer by a power of ten where that is exact, else as it is. See docs/decisions: sealed rows. */
export const SEALED_VALUE = 'coalesce(mantissa / divisor, value)';

// Longer than any month, so that within a month's file every series has a stretch of its own.
const STRETCH = 31 * DAY;

/** The column `ordinal` of a time: series after series on one line. */
export function ordinalOf(time: string, series = 'series'): string {
  return `(${time} + ${series} * ${STRETCH}::BIGINT)`;
}

/** The time of a sealed row, epoch ms. */
export const SEALED_TIME = `(ordinal - series * ${STRETCH}::BIGINT)`;

/** A period and, where it is one only, the series; as conditions each source understands without a cast of its column. */
export interface Where {
  series?: number;
  from: number;
  to: number;
}

function hotConditions({ series, from, to }: Where): string {
  const time = `time >= ${int(from)} AND time < ${int(to)}`;
  return series === undefined ? time : `series = ${int(series)} AND ${time}`;
}

// Of one series the period is a stretch of `ordinal`, by which files and row groups are passed over unread.
function sealedConditions({ series, from, to }: Where): string {
  if (series === undefined) return `${SEALED_TIME} >= ${int(from)} AND ${SEALED_TIME} < ${int(to)}`;
  const shift = series * STRETCH;
  return `series = ${int(series)} AND ordinal >= ${int(from + shift)} AND ordinal < ${int(to + shift)}`;
}

/** Columns series, time (DOUBLE), value, marks. */
export function hotRows(generations: readonly Generation[], where: Where): string[] {
  return generations
    .filter((g) => g.minTime < where.to && g.maxTime >= where.from)
    .map((g) => `SELECT series, time, value, marks FROM ${hotTable(g)} WHERE ${hotConditions(where)}`);
}

/** The same columns from sealed files. Months with dead rows take the longer way. */
export function sealedRows(
  files: Files,
  parts: readonly Part[],
  deadMonths: ReadonlySet<number>,
  where: Where,
): string[] {
  if (where.to <= where.from) return [];
  const raw = parts.filter((p) => p.raw);
  const clean = raw.filter((p) => !deadMonths.has(p.month));
  const columns = `series, ${SEALED_TIME}::DOUBLE AS time, ${SEALED_VALUE} AS value, marks`;
  const selects: string[] = [];
  if (clean.length > 0)
    selects.push(`SELECT ${columns} FROM ${parquet(clean.map((p) => files.raw(p)))} WHERE ${sealedConditions(where)}`);
  for (const part of raw)
    if (deadMonths.has(part.month))
      selects.push(`SELECT ${columns} FROM ${aliveRows(files, part)} WHERE ${sealedConditions(where)}`);
  return selects;
}

/** The rows of a part's raw file, in parentheses, without those marked dead there. */
export function aliveRows(files: Files, part: Part): string {
  return `(SELECT * FROM ${parquet([files.raw(part)])} AS r WHERE NOT EXISTS (SELECT 1 FROM dead AS d
    WHERE d.month = ${int(part.month)} AND d.series = r.series AND d.time = (r.ordinal - r.series * ${STRETCH}::BIGINT) AND d.below > ${int(part.id)}))`;
}

/** The hours of a month some of whose sealed rows are dead: their rollup is wrong until the month is merged. */
export function dirtyHours(month: number): string {
  return `SELECT DISTINCT series, floor(time / ${HOUR})::INTEGER AS hour FROM dead WHERE month = ${int(month)}`;
}

export function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(text).join(', ')}])`;
}
