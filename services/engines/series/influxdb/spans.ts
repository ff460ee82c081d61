/** Periods of many series as few SELECTs: series of one type and quantity with about the same period share one. */
import type { SeriesDictionary } from '../dictionary.ts';
import { homesOf } from '../line-protocol/homes.ts';
import { name, oneOf, text, within } from './influxql.ts';

/** Half-open, epoch ms. */
export interface Span {
  series: number;
  from: number;
  to: number;
}

export interface Select {
  statement: string;
  /** Was it asked for? Where the span of another series is longer, the answer has more, which may be in another answer too. */
  covers(series: number, time: number): boolean;
}

export interface SelectParts {
  dictionary: SeriesDictionary;
  /** What stands between SELECT and FROM. */
  columns: string;
  /** Name of the measurement for a type. */
  measurement: (type: string) => string;
  /** What stands after GROUP BY; by default each series for itself. */
  groupBy?: string;
  /** What WHERE has beside series and period, see Erasing. */
  and: string;
}

const HOUR = 3_600_000;
// Periods that lie within the same six hours are asked for together, which reads a little more than was asked.
export const NEAR = 6 * HOUR;
const SERIES = '"asset", "quantity"';
// An OR of more tags makes the server slower than another statement.
const ASSETS = 100;

/** SELECTs that together cover every span once. */
export function selectSpans(spans: Iterable<Span>, parts: SelectParts): Select[] {
  const { dictionary, columns, measurement, groupBy = SERIES, and } = parts;
  const groups = new Map<string, { type: string; quantity: string; spans: Span[] }>();
  for (const span of spans) {
    const { quantity } = dictionary.refs[span.series]!; // numbers of series come from the dictionary
    for (const type of homesOf(dictionary, span.series)) {
      const key = `${type}\t${quantity}\t${Math.floor(span.from / NEAR)}\t${Math.floor(span.to / NEAR)}`;
      const group = groups.get(key);
      if (!group) groups.set(key, { type, quantity, spans: [span] });
      else group.spans.push(span);
    }
  }
  const selects: Select[] = [];
  for (const { type, quantity, spans: all } of groups.values())
    for (let i = 0; i < all.length; i += ASSETS) {
      const some = all.slice(i, i + ASSETS);
      const bySeries = Map.groupBy(some, (span) => span.series);
      const assets = [...bySeries.keys()].map((series) => dictionary.refs[series]!.asset); // as above
      const from = Math.min(...some.map((span) => span.from));
      const to = Math.max(...some.map((span) => span.to));
      const where = `${name('quantity')} = ${text(quantity)} AND ${oneOf('asset', assets)} AND ${within(from, to)}${and}`;
      const statement = `SELECT ${columns} FROM ${name(measurement(type))} WHERE ${where} GROUP BY ${groupBy}`;
      const covers = (series: number, time: number): boolean =>
        bySeries.get(series)?.some((span) => time >= span.from && time < span.to) ?? false;
      selects.push({ statement, covers });
    }
  return selects;
}

/** Ascending times of one series as spans: times at most `gap` apart share one. */
export function spansOfTimes(series: number, times: readonly number[], gap = NEAR): Span[] {
  const spans: Span[] = [];
  for (const time of times) {
    const last = spans.at(-1);
    if (last && time - last.to < gap) last.to = Math.max(last.to, time + 1);
    else spans.push({ series, from: time, to: time + 1 });
  }
  return spans;
}

/** Ascending hours of one series as spans of whole hours; neighbours share one. */
export function spansOfHours(series: number, hours: readonly number[]): Span[] {
  const spans: Span[] = [];
  for (const hour of hours) {
    const last = spans.at(-1);
    if (last && last.to === hour * HOUR) last.to += HOUR;
    else spans.push({ series, from: hour * HOUR, to: (hour + 1) * HOUR });
  }
  return spans;
}
