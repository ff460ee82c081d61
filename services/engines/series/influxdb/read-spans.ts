/** Reading raw values and hours of many series from the server, as they arrive. */
import { hourlyOf } from '../line-protocol/encode-lines.ts';
import type { Core } from './core.ts';
import type { HourFields } from './hour-fields.ts';
import { QueryError, type ResultSeries } from './influx-client.ts';
import { isEmpty } from './influx-server.ts';
import { name } from './influxql.ts';
import { type Select, type Span, selectSpans } from './spans.ts';

type Reader = Pick<Core, 'client' | 'dictionary' | 'erasing'>;

// Of one request; the answer is streamed, so this bounds only the question.
const STATEMENTS = 20;

/** Calls `each` for every value; of one series they come in order of time unless it was moved. */
export async function readRaw(
  core: Reader,
  spans: readonly Span[],
  signal: AbortSignal,
  each: (series: number, time: number, value: number) => void,
): Promise<void> {
  const selects = selectSpans(spans, {
    dictionary: core.dictionary,
    columns: '"value"',
    measurement: (type) => type,
    and: core.erasing.values,
  });
  await ask(core, selects, signal, (series, { values }, covers) => {
    for (const row of values) {
      const [time, value] = row as [number, number | null]; // the columns asked for
      if (value !== null && covers(series, time)) each(series, time, value);
    }
  });
}

/** Calls `each` for every hour there is a rollup of; `time` is its beginning. Only `fields` are known of it. */
export async function readHours(
  core: Reader,
  { spans, fields }: { spans: readonly Span[]; fields: readonly (keyof HourFields)[] },
  signal: AbortSignal,
  each: (series: number, time: number, hour: HourFields) => void,
): Promise<void> {
  const selects = selectSpans(spans, {
    dictionary: core.dictionary,
    columns: fields.map(name).join(', '),
    measurement: hourlyOf,
    and: core.erasing.hours,
  });
  await ask(core, selects, signal, (series, { values }, covers) => {
    for (const row of values) {
      const time = row[0] as number;
      if (!covers(series, time)) continue;
      const hour: HourFields = { count: 0, sum: 0, min: 0, max: 0, first: 0, last: 0 };
      fields.forEach((field, i) => {
        hour[field] = Number(row[i + 1] ?? 0); // a column each, after the time
      });
      each(series, time, hour);
    }
  });
}

/** The last value of each series in its span and when it was measured: of its values, or of its hours. */
export async function readLast(
  core: Reader,
  spans: readonly Span[],
  signal: AbortSignal,
  of: 'values' | 'hours',
): Promise<Map<number, { time: number; value: number }>> {
  const selects = selectSpans(spans, {
    dictionary: core.dictionary,
    columns: of === 'values' ? 'last("value")' : 'last("last")',
    measurement: of === 'values' ? (type) => type : hourlyOf,
    and: core.erasing[of],
  });
  const found = new Map<number, { time: number; value: number }>();
  await ask(core, selects, signal, (series, { values }) => {
    for (const row of values) {
      const [time, value] = row as [number, number]; // the columns asked for
      if (time > (found.get(series)?.time ?? -1)) found.set(series, { time, value });
    }
  });
  return found;
}

async function ask(
  core: Reader,
  selects: readonly Select[],
  signal: AbortSignal,
  each: (series: number, part: ResultSeries, covers: Select['covers']) => void,
): Promise<void> {
  await streamSelects(core, selects, signal, (part, select) => {
    const series = core.dictionary.find(part.tags?.asset ?? '', part.tags?.quantity ?? '');
    if (series !== undefined) each(series, part, select.covers);
  });
}

/** Calls `each` for every part of the answers as it arrives. */
export async function streamSelects(
  { client }: Pick<Core, 'client'>,
  selects: readonly Select[],
  signal: AbortSignal,
  each: (part: ResultSeries, select: Select) => void,
): Promise<void> {
  for (let i = 0; i < selects.length; i += STATEMENTS) {
    const statements = selects.slice(i, i + STATEMENTS).map((select) => select.statement);
    try {
      for await (const part of client.stream(statements.join(';'), signal)) each(part, selects[i + part.statement]!); // an answer to one of them
    } catch (error) {
      if (!(error instanceof QueryError && isEmpty(error))) throw error;
    }
  }
}
