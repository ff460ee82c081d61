/** Blocks of readings for tests, as decode writes them. */
import { type ReadingColumns, ReadingWriter } from '../../services/model/readings.ts';

export interface Row {
  asset?: string;
  quantity?: string;
  owner?: string;
  type?: string;
  time: number;
  value: number;
  received?: number;
  uplink?: number;
  revision?: number;
  marks?: number;
}

export interface RetractionRow {
  asset?: string;
  quantity?: string;
  owner?: string;
  time: number;
  uplink: number;
  revision: number;
}

/** A batch of `rows`, in their order, as decode writes them. */
export function batch(rows: readonly Row[], retractions: readonly RetractionRow[] = []): ReadingColumns {
  const writer = new ReadingWriter();
  for (const r of rows) {
    const { asset = 'a1', quantity = 'temperature', owner = 'aarhus', type = 'room' } = r;
    const series = writer.series({ asset, quantity, owner, type });
    writer.push(series, r.time, r.value, r.received ?? r.time + 500, r.uplink ?? 0, r.revision ?? 0, r.marks ?? 0);
  }
  for (const { asset = 'a1', quantity = 'temperature', owner = 'aarhus', ...rest } of retractions)
    writer.retract({ asset, quantity, owner, ...rest });
  return writer.columns();
}
