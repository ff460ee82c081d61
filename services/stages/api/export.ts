/** Readings as a file: CSV for people and programs, Parquet for those who calculate. Streamed as they are read. */
import { Readable } from 'node:stream';
import Type from 'typebox';
import { markNames } from '../../model/readings.ts';
import type { Aggregate } from '../../model/series.ts';
import { formatTime } from '../../model/time.ts';
import { type CsvDialect, DANISH, danishTime, PROGRAM, textCell } from './csv.ts';
import { endpoint } from './endpoint.ts';
import { ExportFilter, readWanted, type Segment, segments, type Wanted } from './export-segments.ts';
import { type Column, type ColumnPart, ParquetWriter } from './parquet.ts';
import type { Services } from './services.ts';

export const csv = endpoint(
  {
    summary: 'Readings as CSV; locale=da gives the form Danish Excel opens with a double click',
    query: Type.Object(
      { ...ExportFilter, locale: Type.Optional(Type.Enum(['en', 'da'])) },
      { additionalProperties: false },
    ),
  },
  ({ principal, query, reply }, services) => {
    const wanted = readWanted(principal, query, services);
    reply.header('content-type', 'text/csv; charset=utf-8');
    reply.header('content-disposition', 'attachment; filename="readings.csv"');
    return Readable.from(lines(wanted, query.locale === 'da' ? DANISH : PROGRAM, services), {
      objectMode: false,
      highWaterMark: 256 * 1024,
    });
  },
);

export const parquet = endpoint(
  {
    summary: 'Readings as a Parquet file, for DuckDB, pandas, R and the like',
    query: Type.Object(ExportFilter, { additionalProperties: false }),
  },
  ({ principal, query, reply }, services) => {
    const wanted = readWanted(principal, query, services);
    reply.header('content-type', 'application/vnd.apache.parquet');
    reply.header('content-disposition', 'attachment; filename="readings.parquet"');
    return Readable.from(groups(wanted, services), { objectMode: false });
  },
);

async function* groups(wanted: Wanted, services: Services): AsyncGenerator<Buffer> {
  const { window, aggregates } = wanted;
  const texts = ['asset', 'name', 'owner', 'quantity', 'unit'].map((name): Column => ({ name, kind: 'text' }));
  const values = (window === undefined ? ['value'] : aggregates).map((name): Column => ({ name, kind: 'number' }));
  const marks: Column[] = window === undefined ? [{ name: 'marks', kind: 'text' }] : [];
  const writer = new ParquetWriter([...texts, { name: 'time', kind: 'time' }, ...values, ...marks]);
  yield writer.begin();
  for await (const segment of segments(wanted, services)) {
    const bytes = writer.rows(segment.time.length, partsOf(segment));
    if (bytes) yield bytes;
  }
  yield writer.end();
}

function partsOf({ asset, quantity, unit, time, values, marks }: Segment): ColumnPart[] {
  const texts = [asset.id, asset.name, asset.owner, quantity, unit];
  return [
    ...texts.map((text): ColumnPart => ({ runs: [[text, time.length]] })),
    { numbers: time },
    ...values.map((numbers): ColumnPart => ({ numbers })),
    ...(marks ? [{ runs: runsOf(marks) }] : []),
  ];
}

function runsOf(marks: Uint8Array): [string, number][] {
  const runs: [string, number][] = [];
  for (let start = 0; start < marks.length; ) {
    let end = start;
    while (end < marks.length && marks[end] === marks[start]) end++;
    runs.push([markNames(marks[start]!).join(' '), end - start]); // start is within them
    start = end;
  }
  return runs;
}

async function* lines(wanted: Wanted, dialect: CsvDialect, services: Services): AsyncGenerator<string> {
  const { aggregates, window } = wanted;
  yield dialect.begin + row(heading(dialect, window === undefined ? undefined : aggregates), dialect);
  for await (const { asset, quantity, unit, time, values, marks } of segments(wanted, services)) {
    const start = [asset.id, asset.name, asset.owner, quantity, unit].map((c) => textCell(c, dialect));
    let text = '';
    for (let i = 0; i < time.length; i++) {
      // Columns are of one length.
      const cells = [...times(time[i]!, dialect), ...values.map((column) => dialect.number(column[i]!))];
      if (marks) cells.push(markNames(marks[i]!).join(' '));
      text += row([...start, ...cells], dialect);
    }
    yield text;
  }
}

function heading(dialect: CsvDialect, aggregates: Aggregate[] | undefined): string[] {
  if (dialect === DANISH) {
    const names = {
      avg: 'gennemsnit',
      min: 'mindste',
      max: 'største',
      sum: 'sum',
      count: 'antal',
      first: 'første',
      last: 'sidste',
    };
    const values = aggregates?.map((a) => names[a]) ?? ['værdi', 'mærker'];
    return ['objekt', 'navn', 'ejer', 'måling', 'måleenhed', 'tid (UTC)', 'dansk tid', ...values];
  }
  return ['asset', 'name', 'owner', 'quantity', 'unit', 'time', ...(aggregates ?? ['value', 'marks'])];
}

function row(cells: readonly string[], dialect: CsvDialect): string {
  return `${cells.join(dialect.separator)}\r\n`;
}

function times(ms: number, dialect: CsvDialect): string[] {
  return dialect === DANISH ? [formatTime(ms), danishTime(ms)] : [formatTime(ms)];
}
