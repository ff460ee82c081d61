/** What the batch writer asks of InfluxDB: stored values, removal of single points, writing, newest values. */
import { Unavailable } from '../../../model/errors.ts';
import { type Key, keyName, type Stored } from '../decide.ts';
import type { Newest, SeriesDictionary } from '../dictionary.ts';
import { homesOf } from '../line-protocol/homes.ts';
import type { Removal } from '../line-protocol/journal-records.ts';
import { ELSEWHERE, HERE, type LineServer } from '../line-protocol/line-server.ts';
import { LineWriter, type Refused } from '../line-protocol/line-writer.ts';
import { type RetryOptions, type RetryTimes, withRetry } from '../line-protocol/retry.ts';
import type { Erasing } from './erasing.ts';
import { type InfluxClient, QueryError, type ResultSeries, unanswered } from './influx-client.ts';
import { name, text } from './influxql.ts';
import { LastLook } from './last-look.ts';
import { NEAR, selectSpans, spansOfTimes } from './spans.ts';

export interface InfluxServerParts {
  client: InfluxClient;
  dictionary: SeriesDictionary;
  erasing: Erasing;
  times: RetryTimes;
  /** Ends everything at once: the engine is closing. */
  signal: AbortSignal;
  onRetry: NonNullable<RetryOptions['onRetry']>;
}

const STATEMENTS = 50;

export class InfluxServer implements LineServer {
  #parts: InfluxServerParts;
  #writer: LineWriter;
  #look = new LastLook();

  constructor(parts: InfluxServerParts) {
    this.#parts = parts;
    const { client, times, signal, onRetry } = parts;
    this.#writer = new LineWriter({ transport: client.transport, path: client.writePath, times, signal, onRetry });
  }

  send(bodies: readonly string[]): Promise<Refused[]> {
    return this.#writer.send(bodies);
  }

  async lookUp(keys: readonly Key[]): Promise<[string, Stored][]> {
    const { dictionary, erasing } = this.#parts;
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
      groupBy: '"asset", "owner", "quantity"',
      and: erasing.values,
    });
    this.#look.clear();
    const found = new Map<string, Stored>();
    await this.#ask(
      selects.map((s) => s.statement),
      ({ name: type, tags = {}, values }, { covers }) => {
        const { asset = '', owner = '', quantity = '' } = tags;
        const series = dictionary.find(asset, quantity);
        if (series === undefined) return;
        const ref = dictionary.refs[series]!; // numbers of series come from the dictionary
        const generation = type === ref.type && owner === ref.owner ? HERE : ELSEWHERE;
        const place = { measurement: type, asset, owner, quantity };
        for (const row of values) {
          const [time, value, uplink, revision] = row as [number, number, number | null, number | null]; // as asked for
          if (!covers(series, time)) continue;
          this.#look.see(series, time, place);
          const key = keyName(series, time);
          if (!wanted.has(key)) continue;
          const uplinks = { from: uplink ?? 0, to: uplink ?? 0 };
          found.set(key, { generation, row: -1, value, uplinks, revision: revision ?? 0, contested: false });
        }
      },
      selects,
    );
    return [...found];
  }

  removals(points: readonly { series: number; time: number }[]): Removal[] {
    const { dictionary, erasing } = this.#parts;
    if (!erasing.deletes)
      return points.flatMap(({ series, time }) => {
        const place = this.#look.placeOf(series, time);
        return place ? [erasing.value(place, time)] : [];
      });
    const bySeries = Map.groupBy(points, ({ series }) => series);
    return [...bySeries].flatMap(([series, of]) => {
      const { asset, quantity } = dictionary.refs[series]!; // numbers of series come from the dictionary
      const times = of.map(({ time }) => time);
      const homes = homesOf(dictionary, series).map((measurement) => ({ measurement, asset, quantity }));
      return this.#look
        .runs(series, times, NEAR)
        .flatMap(({ from, to }) => homes.map((home) => erasing.range(home, from, to)));
    });
  }

  /** @throws Unavailable when the server does not take them all. */
  async remove(removals: readonly Removal[]): Promise<void> {
    const of = (kind: Removal['kind']) => removals.filter((r) => r.kind === kind).map(({ text }) => text);
    await this.#ask(of('statement'), () => {});
    const lines = of('line');
    if (lines.length === 0) return;
    const [refused] = await this.send([lines.join('\n')]);
    if (refused) throw new Unavailable(`series: InfluxDB refuses to hide a value: ${refused.reason}`);
  }

  async newest(series: number): Promise<Newest | undefined> {
    const { dictionary, erasing } = this.#parts;
    const { asset, quantity } = dictionary.refs[series]!; // numbers of series come from the dictionary
    const where = `"asset" = ${text(asset)} AND "quantity" = ${text(quantity)}${erasing.values}`;
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

  /** Asks statement by statement, some in one request, and goes on trying for a while. `of`: what each statement is of. */
  async #ask<T>(
    statements: readonly string[],
    each: (series: ResultSeries, of: T) => void,
    of: readonly T[] = [],
  ): Promise<void> {
    const { client, times, signal, onRetry } = this.#parts;
    const what = 'series: unable to ask InfluxDB';
    for (let i = 0; i < statements.length; i += STATEMENTS) {
      const some = statements.slice(i, i + STATEMENTS).join(';');
      try {
        const answer = await withRetry((abort) => client.query(some, abort), { what, times, signal, onRetry });
        for (const series of answer) each(series, of[i + series.statement]!); // an answer to one of them
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
