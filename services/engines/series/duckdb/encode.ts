/**
 * The SQL that turns rows into sealed files: values that are short decimals become integers by a power of ten, one power
 * a series, so that their differences are small and pack into few bits; hours are rolled up in the same integers.
 * Reading back gives the very same double: an integer below 2^53 divided by a power of ten is rounded correctly, so it
 * is the double nearest to the decimal, which is what parsing the decimal gave (IEEE 754, section 5.4.1).
 */
import { ordinalOf, SEALED_TIME, SEALED_VALUE } from './sources.ts';
import { HOUR, int, text } from './sql.ts';

// Beyond this an hour of readings could overflow the integer sum, or 2^53 after scaling.
const LARGEST_MANTISSA = 2 ** 36;
const DIVISORS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

// Small row groups: one series is read by unpacking little more than itself.
const OPTIONS =
  'FORMAT PARQUET, PARQUET_VERSION V2, COMPRESSION ZSTD, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 1';

/** COPY of a SELECT into a file; gives the number of rows as `Count`. */
export function copyTo(select: string, path: string): string {
  return `COPY (${select}) TO ${text(path)} (${OPTIONS})`;
}

function exact(divisor: string): string {
  return `round(v * ${divisor}) / ${divisor} = v AND abs(v * ${divisor}) < ${LARGEST_MANTISSA}`;
}

// The smallest power of ten that makes v an integer; 0 for a value that no power here does.
const NEEDED = `CASE ${DIVISORS.map((d) => `WHEN ${exact(`${d}::DOUBLE`)} THEN ${d}`).join(' ')} ELSE 0 END`;

/**
 * Columns of a raw file, sorted, from a SELECT with series, time, v (DOUBLE), uplink, revision, contested, marks.
 * `ordinal` grows from row to row through the whole file, so its differences stay small where one series follows another.
 * Whole uplink offsets are kept where several uplinks gave a value, of the others only `grain`s of them.
 */
export function rawFile(source: string, grain: number): string {
  return `
    WITH src AS NOT MATERIALIZED (${source}),
    scale AS (SELECT series, greatest(1, max(${NEEDED}))::INTEGER AS divisor FROM src GROUP BY series)
    SELECT series, ${ordinalOf('time::BIGINT')} AS ordinal,
      CASE WHEN ${exact('divisor::DOUBLE')} THEN round(v * divisor)::BIGINT END AS mantissa,
      divisor,
      CASE WHEN NOT (${exact('divisor::DOUBLE')}) THEN v END AS value,
      CASE WHEN contested THEN uplink END::BIGINT AS uplink, floor(uplink / ${int(grain)})::BIGINT AS about, ${int(grain)} AS grain,
      revision::USMALLINT AS revision, contested::BOOLEAN AS contested, marks
    FROM src JOIN scale USING (series) ORDER BY ordinal`;
}

/**
 * The same columns from raw files, sorted: one divisor a series again, the largest of its parts. `settled` forgets who
 * gave the values that only one uplink gave.
 */
export function mergedFile(source: string, settled: boolean): string {
  const owner = (column: string) => (settled ? `CASE WHEN contested THEN ${column} END AS ${column}` : column);
  const scaled = 'mantissa * (common // divisor)';
  const fits = `abs(${scaled}) < ${LARGEST_MANTISSA}`;
  return `
    WITH src AS NOT MATERIALIZED (${source}),
    scale AS (SELECT series, max(divisor) AS common FROM src GROUP BY series)
    SELECT series, ordinal, CASE WHEN ${fits} THEN ${scaled} END AS mantissa, common AS divisor,
      CASE WHEN ${fits} THEN NULL ELSE ${SEALED_VALUE} END AS value,
      uplink, ${owner('about')}, grain, ${owner('revision')}, contested, marks
    FROM src JOIN scale USING (series) ORDER BY ordinal`;
}

/** Hours of several parts put together, for series whose raw rows are gone. `source` has the hours and their `part`. */
export function combinedHours(source: string, series: readonly number[]): string {
  // Alone, a row stays as it is; the sum of several is kept as doubles.
  const alone = (column: string) => `CASE WHEN count(*) = 1 THEN any_value(${column}) END AS ${column}`;
  const several = (sum: string, column: string) =>
    `CASE WHEN count(*) > 1 OR any_value(low) IS NULL THEN ${sum} END AS ${column}`;
  return `SELECT series, hour, sum(count)::INTEGER AS count, any_value(divisor) AS divisor,
      ${['low', 'spread', 'excess', 'first', 'last'].map(alone).join(', ')},
      ${several(`min(${HOURS.low})`, 'low_v')}, ${several(`max(${HOURS.high})`, 'high_v')},
      ${several(`sum(${HOURS.total})`, 'total_v')},
      ${several(`arg_min(${HOURS.first}, part)`, 'first_v')}, ${several(`arg_max(${HOURS.last}, part)`, 'last_v')},
      sum(sine) AS sine, sum(cosine) AS cosine, sum(rise) AS rise
    FROM (${source}) WHERE ${among(series)} GROUP BY series, hour`;
}

/** Numbers of the series whose readings need more than count, sum, smallest and largest. */
export interface Special {
  circular: readonly number[];
  counter: readonly number[];
}

function among(ids: readonly number[]): string {
  return ids.length === 0 ? 'false' : `series IN (${ids.map(int).join(',')})`;
}

/** Columns of an hours file from a SELECT over a raw file. */
export function hoursFile(source: string, special: Special): string {
  const value = SEALED_VALUE;
  const hour = `(${SEALED_TIME} // ${HOUR})::INTEGER`;
  // The rise of a counter within the hour; from hour to hour the reader adds the step between last and first.
  const rise =
    special.counter.length === 0
      ? 'SELECT 0 AS series, 0 AS hour, 0::DOUBLE AS rise WHERE false'
      : `SELECT series, hour, sum(${step('v', 'before')}) AS rise FROM (
           SELECT series, ${hour} AS hour, ${value} AS v,
             lag(${value}) OVER (PARTITION BY series, ${hour} ORDER BY ordinal) AS before
           FROM (${source}) WHERE ${among(special.counter)}) GROUP BY series, hour`;
  return `
    WITH hours AS (
      SELECT series, ${hour} AS hour, count(*)::INTEGER AS count, any_value(divisor) AS divisor,
        count(mantissa) = count(*) AS whole,
        min(mantissa) AS low, max(mantissa) AS high, sum(mantissa)::BIGINT AS total,
        arg_min(mantissa, ordinal) AS first, arg_max(mantissa, ordinal) AS last,
        min(${value}) AS low_v, max(${value}) AS high_v, sum(${value}) AS total_v,
        arg_min(${value}, ordinal) AS first_v, arg_max(${value}, ordinal) AS last_v,
        CASE WHEN ${among(special.circular)} THEN sum(sin(radians(${value}))) END AS sine,
        CASE WHEN ${among(special.circular)} THEN sum(cos(radians(${value}))) END AS cosine
      FROM (${source}) GROUP BY series, hour),
    rises AS (${rise})
    SELECT series, hour, count, divisor,
      CASE WHEN whole THEN low END AS low, CASE WHEN whole THEN high - low END AS spread,
      CASE WHEN whole THEN total - count * low END AS excess,
      CASE WHEN whole THEN first - low END AS first, CASE WHEN whole THEN last - low END AS last,
      CASE WHEN NOT whole THEN low_v END AS low_v, CASE WHEN NOT whole THEN high_v END AS high_v,
      CASE WHEN NOT whole THEN total_v END AS total_v,
      CASE WHEN NOT whole THEN first_v END AS first_v, CASE WHEN NOT whole THEN last_v END AS last_v,
      sine, cosine, rise
    FROM hours LEFT JOIN rises USING (series, hour)`;
}

/** What each column of an hours file means, as numbers. */
export const HOURS = {
  // As doubles, which hold them exactly: no check for overflow, no 128-bit sums.
  count: 'count::DOUBLE',
  low: 'coalesce(low / divisor, low_v)',
  high: 'coalesce((low + spread) / divisor, high_v)',
  total: 'coalesce((excess::DOUBLE + count::DOUBLE * low::DOUBLE) / divisor, total_v)',
  first: 'coalesce((low + first) / divisor, first_v)',
  last: 'coalesce((low + last) / divisor, last_v)',
} as const;

/** How much a counter rose from `before` to `now`: a fall is a reset, after which it counted from zero. */
export function step(now: string, before: string): string {
  return `CASE WHEN ${before} IS NULL THEN 0 WHEN ${now} >= ${before} THEN ${now} - ${before} ELSE ${now} END`;
}
