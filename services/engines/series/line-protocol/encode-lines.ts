/**
 * Readings as lines of line protocol: the schema that InfluxDB, VictoriaMetrics and Grafana share. The measurement is the
 * asset type; tags are asset, owner and quantity; all fields are floats, so that no field can ever change its type.
 * Escaping: docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/, "Special characters".
 */
import type { SeriesRef } from '../../../model/readings.ts';

/** What a point holds beside its tags and its time. */
export interface PointFields {
  value: number;
  /** When we received it, epoch ms. */
  received: number;
  uplink: number;
  revision: number;
  marks: number;
}

/** Name of the measurement that holds the hours of a type. */
export function hourlyOf(type: string): string {
  return `${type}.hourly`;
}

/**
 * Measurement and tags of a series: what each of its lines begins with. Tags in the order of their names, which saves the
 * server from sorting them.
 * @throws RangeError for what no line can hold: an empty name, a control character, a backslash at the end.
 */
export function seriesKey(measurement: string, { asset, owner, quantity }: Omit<SeriesRef, 'type'>): string {
  return `${escapeMeasurement(measurement)},asset=${escapeTag(asset)},owner=${escapeTag(owner)},quantity=${escapeTag(quantity)}`;
}

/** `time`: epoch ms. */
export function encodePoint(key: string, point: PointFields, time: number): string {
  return `${key} marks=${point.marks},received=${received.digits(point.received)},revision=${point.revision},uplink=${point.uplink},value=${point.value} ${times.digits(time)}`;
}

/**
 * Decimal digits of times that come about in order. Turning large numbers into text is most of the work of encoding: the
 * digits down to a thousand seconds are those of the time before, and what is left is a small number.
 */
class Digits {
  #thousands = -1;
  #text = '';

  digits(ms: number): string {
    const thousands = Math.floor(ms / 1e6);
    if (thousands !== this.#thousands) {
      this.#thousands = thousands;
      this.#text = String(thousands);
    }
    const rest = ms - thousands * 1e6;
    if (thousands < 1 || !Number.isInteger(rest)) return String(ms);
    return this.#text + (rest >= 1e5 ? String(rest) : String(rest + 1e6).slice(1));
  }
}

const times = new Digits();
const received = new Digits();

/** @throws RangeError for a field that is no finite number: line protocol knows none. */
export function encodeFields(key: string, fields: Readonly<Record<string, number>>, time: number): string {
  const parts = Object.entries(fields).map(([name, value]) => {
    if (!Number.isFinite(value)) throw new RangeError(`series: field ${name}=${value} cannot be written`);
    return `${escapeTag(name)}=${value}`;
  });
  return `${key} ${parts.join(',')} ${time}`;
}

export function escapeMeasurement(name: string): string {
  // A line that begins with # is a comment: the server would drop it and say that all is well.
  if (name.startsWith('#')) throw new RangeError(`series: the name ${JSON.stringify(name)} cannot be written`);
  return writable(name).replaceAll(/[, ]/g, '\\$&');
}

/** Also for the names of tags and fields. */
export function escapeTag(text: string): string {
  return writable(text).replaceAll(/[, =]/g, '\\$&');
}

// A line ends at a newline whatever stands before it, and a backslash at the end would take the separator with it. Two in
// a row are read back as two by some versions and as one by others. Our ids hold none of these (model/ids.ts).
function writable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (text === '' || /[\u0000-\u001f\u007f\\]/.test(text) || !text.isWellFormed())
    throw new RangeError(`series: the name ${JSON.stringify(text)} cannot be written`);
  return text;
}
