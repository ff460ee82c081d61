/** The series port on InfluxDB: the server holds the values, a small journal beside the log holds the rest. */
import { Unavailable } from '../../../model/errors.ts';
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { LatestValue, Points, PointsQuery, SeriesStore, Windows, WindowsQuery } from '../../../model/series.ts';
import type { BatchWriter } from '../line-protocol/batch-writer.ts';
import { Gate } from '../line-protocol/gate.ts';
import type { Core } from './core.ts';
import { unanswered } from './influx-client.ts';
import { readPoints } from './points.ts';
import { recompute } from './recompute.ts';
import { retain, rowsRetained } from './retain.ts';
import { pickSeries, readWindows } from './windows.ts';

/** As ops/platform-alerts.ts has it. */
export interface SeriesAlerts {
  raise(name: string, detail: string): void;
  clear(name: string): void;
}

export interface InfluxSeriesParts {
  core: Core;
  writer: BatchWriter;
  /** Resolves once the server has shown that it is the right one. */
  ready: () => Promise<void>;
  /** Fires the signal of the core. */
  abort: () => void;
  alerts: SeriesAlerts;
  /** Longest wait of a question for others, and longest answer, ms. */
  waitMs: number;
  runMs: number;
}

// So many series at most are a quick question.
const QUICK_SERIES = 20;
// Semantics: Back-pressure, 1.
const BEHIND_LIMIT = 10_000;
const ALERT = 'series-server';

export class InfluxSeries implements SeriesStore {
  readonly capabilities = { replaces: true };
  #core: Core;
  #writer: BatchWriter;
  #ready: () => Promise<void>;
  #abort: () => void;
  #alerts: SeriesAlerts;
  #quick: Gate;
  #heavy: Gate;
  #keeping: Promise<void> | undefined;
  #closed = false;

  constructor({ core, writer, ready, abort, alerts, waitMs, runMs }: InfluxSeriesParts) {
    this.#core = core;
    this.#writer = writer;
    this.#ready = ready;
    this.#abort = abort;
    this.#alerts = alerts;
    const bounds = { waitMs, runMs, signal: core.signal };
    this.#quick = new Gate({ ...bounds, atOnce: 4, waiting: 200 });
    this.#heavy = new Gate({ ...bounds, atOnce: 1, waiting: 20 });
  }

  async position(): Promise<Position> {
    return { ...this.#core.journal.state.position };
  }

  write(batch: readonly ReadingColumns[], upTo: Position): Promise<void> {
    return this.#change(() => this.#writer.write(batch, upTo));
  }

  skip(values: Readonly<Record<string, number>>, upTo: Position): Promise<void> {
    return this.#change(() => this.#writer.skip(values, upTo));
  }

  async latest(assets?: readonly string[]): Promise<LatestValue[]> {
    return this.#core.dictionary.latest(assets);
  }

  points(query: PointsQuery): Promise<Points> {
    return this.#ask(this.#quick, (signal) => readPoints(this.#core, query, signal));
  }

  windows(query: WindowsQuery): Promise<Windows> {
    const picked = pickSeries(this.#core, query);
    const gate = picked.series.length > QUICK_SERIES ? this.#heavy : this.#quick;
    return this.#ask(gate, (signal) => readWindows(this.#core, query, picked, signal));
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
    if (this.#closed) return;
    const stopped = () => this.#closed;
    this.#keeping = (async () => {
      await this.#ready();
      await recompute(this.#core, now, stopped);
      await retain(this.#core, stopped);
    })()
      .catch((error: unknown) => {
        throw unanswered(error);
      })
      .finally(() => {
        this.#keeping = undefined;
      });
    await this.#keeping;
  }

  async behind(ms: number): Promise<void> {
    this.#heavy.hold(ms > BEHIND_LIMIT);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#abort();
    this.#quick.close();
    this.#heavy.close();
    await this.#keeping?.catch(() => {});
    await this.#core.exclusive(async () => this.#core.journal.close());
    this.#core.client.close();
  }

  async #change(change: () => Promise<void>): Promise<void> {
    if (this.#closed) throw new Unavailable('series: closed');
    try {
      await this.#core.exclusive(async () => {
        await this.#ready();
        await change();
      });
      this.#alerts.clear(ALERT);
    } catch (error) {
      if (error instanceof Unavailable && !this.#closed) this.#alerts.raise(ALERT, error.message);
      throw error;
    }
  }

  #ask<T>(gate: Gate, question: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Unavailable('series: closed'));
    return gate.run(async (signal) => {
      try {
        await this.#ready();
        return await question(signal);
      } catch (error) {
        throw unanswered(error);
      }
    });
  }
}
