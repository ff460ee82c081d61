/** What the batch writer asks of InfluxDB: stored values, removal of single points, writing, newest values. */
import { type Key, keyName, type Stored } from '../decide.ts';
import type { Newest, SeriesDictionary } from '../dictionary.ts';
import { ELSEWHERE, HERE, type LineServer } from '../line-protocol/line-server.ts';
import { LineWriter, type Refused } from '../line-protocol/line-writer.ts';
import { type RetryTimes, withRetry } from '../line-protocol/retry.ts';
import { type InfluxClient, QueryError, type ResultSeries, unanswered } from './influx-client.ts';
import { at, name, text } from './influxql.ts';
import { homesOf, selectSpans, spansOfTimes } from './spans.ts';

export interface InfluxServerParts {
  client: InfluxClient;
  dictionary: SeriesDictionary;
  times: RetryTimes;
  /** Ends everything at once: the engine is closing. */
  signal: AbortSignal;
  onRetry: (error: unknown) => void;
}

const STATEMENTS = 50;

export class InfluxServer implements LineServer {
  #parts: InfluxServerParts;
  #writer: LineWriter;

  constructor(parts: InfluxServerParts) {
    this.#parts = parts;
    const { client, times, signal, onRetry } = parts;
    this.#writer = new LineWriter({ transport: client.transport, path: client.writePath, times, signal, onRetry });
  }

  send(bodies: readonly string[]): Promise<Refused[]> {
    return this.#writer.send(bodies);
  }

  async lookUp(keys: readonly Key[]): Promise<[string, Stored][]> {
    const { dictionary } = this.#parts;
    const wanted = new Set(keys.map((key) => keyName(key.series, key.time)));
    const bySeries = Map.groupBy(keys, (key) => key.series);
    const spans = [...bySeries].flatMap(([series, of]) =>
      spansOfTimes(
        series,
        of.map((key) => key.time).sort((a, b) => a - b),
      ),
    );
    const selects = selectSpans(spans, {
      dictionary,
      columns: '"value", "uplink", "revision"',
      measurement: (type) => type,
      groupBy: ['owner', 'quantity'],
    });
    const found = new Map<string, Stored>();
    await this.#ask(
      selects.map((s) => s.statement),
      ({ name: type, tags = {}, values }) => {
        const series = dictionary.find(tags.asset ?? '', tags.quantity ?? '');
        if (series === undefined) return;
        const ref = dictionary.refs[series]!; // numbers of series come from the dictionary
        const generation = type === ref.type && tags.owner === ref.owner ? HERE : ELSEWHERE;
        for (const row of values) {
          const [time, value, uplink = 0, revision = 0] = row as [number, number, number, number]; // the columns asked for
          const key = keyName(series, time);
          if (!wanted.has(key)) continue;
          const uplinks = { from: uplink ?? 0, to: uplink ?? 0 };
          found.set(key, { generation, row: -1, value, uplinks, revision: revision ?? 0, contested: false });
        }
      },
    );
    return [...found];
  }

  // One statement a point: InfluxQL knows no OR between times, and a range might take what nobody retracted.
  removals(points: readonly { series: number; time: number }[]): string[] {
    const { dictionary } = this.#parts;
    return points.flatMap(({ series, time }) => {
      const { asset, quantity } = dictionary.refs[series]!; // numbers of series come from the dictionary
      const where = `"asset" = ${text(asset)} AND "quantity" = ${text(quantity)} AND time = ${at(time)}`;
      return homesOf(dictionary, series).map((type) => `DELETE FROM ${name(type)} WHERE ${where}`);
    });
  }

  async remove(removals: readonly string[]): Promise<void> {
    await this.#ask(removals, () => {});
  }

  async newest(series: number): Promise<Newest | undefined> {
    const { dictionary } = this.#parts;
    const { asset, quantity } = dictionary.refs[series]!; // numbers of series come from the dictionary
    const where = `"asset" = ${text(asset)} AND "quantity" = ${text(quantity)}`;
    const statements = homesOf(dictionary, series).map(
      (type) =>
        `SELECT "value", "received", "marks", "uplink", "revision" FROM ${name(type)} WHERE ${where} ORDER BY time DESC LIMIT 1`,
    );
    let newest: Newest | undefined;
    await this.#ask(statements, ({ values }) => {
      for (const row of values) {
        const [time, value, received, marks, uplink, revision] = row as number[]; // the columns asked for
        if (newest && newest.time >= time!) continue;
        newest = {
          time: time!,
          value: value!,
          received: received ?? time!,
          marks: marks ?? 0,
          uplink: uplink ?? 0,
          revision: revision ?? 0,
        };
      }
    });
    return newest;
  }

  /** Asks statement by statement, some in one request, and goes on trying for a while. */
  async #ask(statements: readonly string[], each: (series: ResultSeries) => void): Promise<void> {
    const { client, times, signal, onRetry } = this.#parts;
    const what = 'series: unable to ask InfluxDB';
    for (let i = 0; i < statements.length; i += STATEMENTS) {
      const some = statements.slice(i, i + STATEMENTS).join(';');
      try {
        const answer = await withRetry((abort) => client.query(some, abort), { what, times, signal, onRetry });
        answer.forEach(each);
      } catch (error) {
        if (error instanceof QueryError && isEmpty(error)) continue;
        throw unanswered(error);
      }
    }
  }
}

/** Nothing was ever written there. */
export function isEmpty(error: QueryError): boolean {
  return /database not found|measurement not found/.test(error.message);
}
