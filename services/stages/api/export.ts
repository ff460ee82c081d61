/** Readings as a file: streamed asset by asset, so that a year of a type costs no memory. */
import { Readable } from 'node:stream';
import Type from 'typebox';
import type { Asset } from '../../model/asset.ts';
import { markNames } from '../../model/readings.ts';
import type { Aggregate } from '../../model/series.ts';
import { formatTime } from '../../model/time.ts';
import { type CsvDialect, DANISH, danishTime, PROGRAM, textCell } from './csv.ts';
import { endpoint } from './endpoint.ts';
import { readAggregates, readNames, readPeriod, readWindow } from './query.ts';
import { Names, Time } from './schemas/common.ts';
import { knownQuantity, SeriesFilter, visibleAssets } from './series-of.ts';
import type { Services } from './services.ts';

const PAGE = 20_000;

interface Wanted {
  assets: Asset[];
  /** All of each asset when undefined. */
  quantities: string[] | undefined;
  from: number;
  to: number;
  window: number | undefined;
  aggregates: Aggregate[];
  dialect: CsvDialect;
}

export const csv = endpoint(
  {
    summary: 'Readings as CSV; locale=da gives the form Danish Excel opens with a double click',
    query: Type.Object(
      {
        ...SeriesFilter,
        quantity: Type.Optional(Names),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
        window: Type.Optional(Type.String({ maxLength: 6 })),
        aggregate: Type.Optional(Names),
        locale: Type.Optional(Type.Enum(['en', 'da'])),
      },
      { additionalProperties: false },
    ),
  },
  ({ principal, query, reply }, services) => {
    const quantities = query.quantity === undefined ? undefined : readNames(query.quantity);
    for (const name of quantities ?? []) knownQuantity(services.catalogue, name);
    const wanted: Wanted = {
      assets: visibleAssets(principal, services.directory, query),
      quantities,
      ...readPeriod(query, services.now()),
      window: query.window === undefined ? undefined : readWindow(query.window),
      aggregates: readAggregates(query.aggregate),
      dialect: query.locale === 'da' ? DANISH : PROGRAM,
    };
    reply.header('content-type', 'text/csv; charset=utf-8');
    reply.header('content-disposition', 'attachment; filename="readings.csv"');
    return Readable.from(lines(wanted, services), { objectMode: false, highWaterMark: 256 * 1024 });
  },
);

async function* lines(wanted: Wanted, services: Services): AsyncGenerator<string> {
  const { dialect, aggregates, window } = wanted;
  yield dialect.begin + row(heading(dialect, window === undefined ? undefined : aggregates), dialect);
  for (const asset of wanted.assets) {
    const all = wanted.quantities ?? (await services.series.latest([asset.id])).map((v) => v.quantity).sort();
    for (const quantity of all) {
      const unit = services.catalogue.quantity(quantity)?.unit ?? '';
      const start = [asset.id, asset.name, asset.owner, quantity, unit].map((c) => textCell(c, dialect));
      yield* window === undefined
        ? raw(asset.id, quantity, start, wanted, services)
        : windowed(asset.id, quantity, start, window, wanted, services);
    }
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

async function* raw(
  asset: string,
  quantity: string,
  start: string[],
  { from, to, dialect }: Wanted,
  { series }: Services,
): AsyncGenerator<string> {
  let at: number | undefined = from;
  while (at !== undefined) {
    const { time, value, marks, next } = await series.points({ asset, quantity, from: at, to, limit: PAGE });
    let text = '';
    for (let i = 0; i < time.length; i++) {
      // The three columns are of one length.
      const cells = [...times(time[i]!, dialect), dialect.number(value[i]!), markNames(marks[i]!).join(' ')];
      text += row([...start, ...cells], dialect);
    }
    if (text !== '') yield text;
    at = next;
  }
}

async function* windowed(
  asset: string,
  quantity: string,
  start: string[],
  window: number,
  { from, to, aggregates, dialect }: Wanted,
  { series }: Services,
): AsyncGenerator<string> {
  const ask = { assets: [asset], groups: [asset], quantity, window, aggregates };
  for (let at = from; at < to; ) {
    // Pieces end on a window's edge, so that none is counted in two halves.
    const end = Math.min(to, Math.floor(at / window) * window + PAGE * window);
    const { time, values } = await series.windows({ ...ask, from: at, to: end });
    let text = '';
    for (let i = 0; i < time.length; i++) {
      const cells = values.map((column) => dialect.number(column[i]!)); // columns are as long as `time`
      text += row([...start, ...times(time[i]!, dialect), ...cells], dialect);
    }
    if (text !== '') yield text;
    at = end;
  }
}
