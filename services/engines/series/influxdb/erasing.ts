/**
 * Taking points away. InfluxDB 1 and 2 know DELETE in InfluxQL (docs.influxdata.com/influxdb/v2/query-data/influxql/manage-data/).
 * InfluxDB 3 does not: there a retracted point gets a mark that every question leaves out, and an emptied hour the count 0.
 */
import { encodeFields, seriesKey } from '../line-protocol/encode-lines.ts';
import type { Removal } from '../line-protocol/journal-records.ts';
import { at, name, text } from './influxql.ts';

/** Beyond the marks of model/readings.ts. */
const RETRACTED = 16;

/** Where a stored point lies. */
export interface Place {
  measurement: string;
  asset: string;
  owner: string;
  quantity: string;
}

export class Erasing {
  #deletes = true;

  /** Does the server forget, or only we? */
  get deletes(): boolean {
    return this.#deletes;
  }

  /** For a server without DELETE. */
  hideInstead(): void {
    this.#deletes = false;
  }

  /** What a question about values has to add to its WHERE. */
  get values(): string {
    return this.#deletes ? '' : ` AND "marks" < ${RETRACTED}`;
  }

  /** What a question about hours has to add to its WHERE. */
  get hours(): string {
    return this.#deletes ? '' : ' AND "count" > 0';
  }

  /** Everything of one series between two times, both included, under any owner: for servers that delete. */
  range({ measurement, asset, quantity }: Omit<Place, 'owner'>, from: number, to: number): Removal {
    const when = from === to ? `time = ${at(from)}` : `time >= ${at(from)} AND time <= ${at(to)}`;
    const where = `"asset" = ${text(asset)} AND "quantity" = ${text(quantity)} AND ${when}`;
    return { kind: 'statement', text: `DELETE FROM ${name(measurement)} WHERE ${where}` };
  }

  /** A line that hides one value: the other fields of the point stay as they are. */
  value(place: Place, time: number): Removal {
    return { kind: 'line', text: encodeFields(seriesKey(place.measurement, place), { marks: RETRACTED }, time) };
  }

  /** A line that hides one hour. */
  hour(place: Place, time: number): Removal {
    return { kind: 'line', text: encodeFields(seriesKey(place.measurement, place), { count: 0 }, time) };
  }
}
