/** The series port on InfluxDB: the server holds the values, a small journal beside the log holds the rest. */
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { LatestValue, Points, PointsQuery, SeriesStore, Windows, WindowsQuery } from '../../../model/series.ts';
import type { BatchWriter } from '../line-protocol/batch-writer.ts';
import type { ServerAccess } from '../line-protocol/server-access.ts';
import type { Core } from './core.ts';
import { unanswered } from './influx-client.ts';
import { readPoints } from './points.ts';
import { recompute } from './recompute.ts';
import { retain, rowsRetained } from './retain.ts';
import { pickSeries, readWindows } from './windows.ts';

export interface InfluxSeriesParts {
  core: Core;
  writer: BatchWriter;
  access: ServerAccess;
}

export class InfluxSeries implements SeriesStore {
  readonly capabilities = { replaces: true };
  #core: Core;
  #writer: BatchWriter;
  #access: ServerAccess;
  #keeping: Promise<void> | undefined;
  #closed = false;

  constructor({ core, writer, access }: InfluxSeriesParts) {
    this.#core = core;
    this.#writer = writer;
    this.#access = access;
  }

  async position(): Promise<Position> {
    return { ...this.#core.journal.state.position };
  }

  write(batch: readonly ReadingColumns[], upTo: Position): Promise<void> {
    return this.#access.change(() => this.#writer.write(batch, upTo));
  }

  skip(values: Readonly<Record<string, number>>, upTo: Position): Promise<void> {
    return this.#access.change(() => this.#writer.skip(values, upTo));
  }

  async latest(assets?: readonly string[]): Promise<LatestValue[]> {
    return this.#core.dictionary.latest(assets);
  }

  points(query: PointsQuery): Promise<Points> {
    return this.#ask(1, (signal) => readPoints(this.#core, query, signal));
  }

  windows(query: WindowsQuery): Promise<Windows> {
    const picked = pickSeries(this.#core, query);
    return this.#ask(picked.series.length, (signal) => readWindows(this.#core, query, picked, signal));
  }

  async counts(): Promise<{ position: Position; byOwner: Record<string, StoreCounts> }> {
    const { position, counts } = this.#core.journal.state;
    return { position: { ...position }, byOwner: Object.fromEntries([...counts].map(([o, c]) => [o, { ...c }])) };
  }

  /** `bytes` are our journal's: what the server uses on its disk is the server's to say. */
  async stats(): Promise<{ rows: number; bytes: number; newestReceived: number }> {
    const { journal } = this.#core;
    const { counts, newestReceived } = journal.state;
    let rows = -rowsRetained(this.#core);
    for (const { readings, retracted } of counts.values()) rows += readings - retracted;
    return { rows, bytes: journal.bytes(), newestReceived };
  }

  /** One run at a time; a call during one waits for it and then runs. */
  async maintain(now: number): Promise<void> {
    while (this.#keeping !== undefined) await this.#keeping.catch(() => {});
    if (this.#access.ended) return;
    const stopped = () => this.#access.ended;
    this.#keeping = (async () => {
      await this.#access.probe((signal) => this.#core.client.majorVersion(signal).catch(comeAgain));
      await recompute(this.#core, now, stopped);
      await retain(this.#core, stopped);
    })()
      .catch(comeAgain)
      .finally(() => {
        this.#keeping = undefined;
      });
    await this.#keeping;
  }

  async behind(ms: number): Promise<void> {
    this.#access.behind(ms);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#access.end();
    await this.#keeping?.catch(() => {});
    await this.#access.exclusive(async () => this.#core.journal.close());
    this.#core.client.close();
  }

  #ask<T>(series: number, question: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#access.ask(series, (signal) => question(signal).catch(comeAgain));
  }
}

function comeAgain(error: unknown): never {
  throw unanswered(error);
}
