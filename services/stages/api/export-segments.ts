/** What an export holds, series after series and a page at a time: a year of a type costs no memory, in whatever form. */
import Type, { type Static } from 'typebox';
import type { Asset } from '../../model/asset.ts';
import type { Aggregate } from '../../model/series.ts';
import type { Principal } from '../../model/token.ts';
import { readAggregates, readNames, readPeriod, readWindow } from './query.ts';
import { Names, Time } from './schemas/common.ts';
import { knownQuantity, SeriesFilter, visibleAssets } from './series-of.ts';
import type { Services } from './services.ts';

const PAGE = 20_000;

export const ExportFilter = {
  ...SeriesFilter,
  quantity: Type.Optional(Names),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  window: Type.Optional(Type.String({ maxLength: 6 })),
  aggregate: Type.Optional(Names),
};
type ExportFilter = Static<ReturnType<typeof Type.Object<typeof ExportFilter>>>;

export interface Wanted {
  /** Those the asker may see. */
  assets: Asset[];
  /** All of each asset when undefined. */
  quantities: string[] | undefined;
  from: number;
  to: number;
  /** ms; raw values when undefined. */
  window: number | undefined;
  aggregates: Aggregate[];
}

/** Rows of one series, at least one. */
export interface Segment {
  asset: Asset;
  quantity: string;
  unit: string;
  /** Epoch ms. */
  time: Float64Array;
  /** The raw values, or a column for each aggregate. */
  values: readonly Float64Array[];
  /** Of raw values. */
  marks: Uint8Array | undefined;
}

/** @throws Problem for a quantity, time or window that is none. */
export function readWanted(principal: Principal, query: ExportFilter, services: Services): Wanted {
  const quantities = query.quantity === undefined ? undefined : readNames(query.quantity);
  for (const name of quantities ?? []) knownQuantity(services.catalogue, name);
  return {
    assets: visibleAssets(principal, services.directory, query),
    quantities,
    ...readPeriod(query, services.now()),
    window: query.window === undefined ? undefined : readWindow(query.window),
    aggregates: readAggregates(query.aggregate),
  };
}

export async function* segments(wanted: Wanted, services: Services): AsyncGenerator<Segment> {
  for (const asset of wanted.assets) {
    const all = wanted.quantities ?? (await services.series.latest([asset.id])).map((v) => v.quantity).sort();
    for (const quantity of all) {
      const unit = services.catalogue.quantity(quantity)?.unit ?? '';
      const pages = wanted.window === undefined ? raw : windowed;
      for await (const page of pages(asset.id, quantity, wanted, services))
        if (page.time.length > 0) yield { asset, quantity, unit, ...page };
    }
  }
}

type Page = Pick<Segment, 'time' | 'values' | 'marks'>;

async function* raw(asset: string, quantity: string, { from, to }: Wanted, { series }: Services): AsyncGenerator<Page> {
  let at: number | undefined = from;
  while (at !== undefined) {
    const { time, value, marks, next } = await series.points({ asset, quantity, from: at, to, limit: PAGE });
    yield { time, values: [value], marks };
    at = next;
  }
}

async function* windowed(
  asset: string,
  quantity: string,
  { from, to, window = 0, aggregates }: Wanted,
  { series }: Services,
): AsyncGenerator<Page> {
  const ask = { assets: [asset], groups: [asset], quantity, window, aggregates };
  for (let at = from; at < to; ) {
    // Pieces end on a window's edge, so that none is counted in two halves.
    const end = Math.min(to, Math.floor(at / window) * window + PAGE * window);
    const { time, values } = await series.windows({ ...ask, from: at, to: end });
    yield { time, values, marks: undefined };
    at = end;
  }
}
