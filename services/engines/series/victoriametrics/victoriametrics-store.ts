/** The series port on VictoriaMetrics: what is stored stays as it is, and windows are answered from raw samples. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../../model/errors.ts';
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { LatestValue, Points, PointsQuery, SeriesStore, Windows, WindowsQuery } from '../../../model/series.ts';
import type { SeriesDictionary } from '../dictionary.ts';
import type { BatchWriter } from '../line-protocol/batch-writer.ts';
import type { Gate } from '../line-protocol/gate.ts';
import type { Journal } from '../line-protocol/journal.ts';
import { queue } from '../line-protocol/queue.ts';
import type { Meaning } from '../meaning.ts';
import { readPoints } from './read-points.ts';
import { readWindows } from './read-windows.ts';
import type { SelectApi } from './select-api.ts';
import { WrongServer } from './server-check.ts';
import type { Visibility } from './visibility.ts';

/** As ops/platform-alerts.ts has it. */
export interface SeriesAlerts {
  raise(name: string, detail: string): void;
  clear(name: string): void;
}

export interface VictoriametricsStoreParts {
  journal: Journal;
  dictionary: SeriesDictionary;
  writer: BatchWriter;
  api: SelectApi;
  visibility: Visibility;
  meaning: (quantity: string) => Meaning;
  /** Resolves once the server has shown that it is the right one. */
  check: () => Promise<void>;
  alerts: SeriesAlerts;
  quick: Gate;
  heavy: Gate;
  /** Ends all requests. */
  abort: AbortController;
}

// So many series at most are a quick question.
const QUICK_SERIES = 20;
// Semantics: Back-pressure, 1.
const BEHIND_LIMIT = 10_000;
const ALERT = 'series-server';

export class VictoriametricsStore implements SeriesStore {
  readonly capabilities = { replaces: false };
  #parts: VictoriametricsStoreParts;
  #checked: Promise<void> | undefined;
  #closed = false;
  #exclusive = queue();

  constructor(parts: VictoriametricsStoreParts) {
    this.#parts = parts;
  }

  async position(): Promise<Position> {
    return { ...this.#parts.journal.state.position };
  }

  /**
   * Looks at the server and finishes what was under way when the process ended; of a server that is away or slow the start
   * of everything else does not wait for long. @throws WrongServer
   */
  async begin(waitMs: number): Promise<void> {
    const begun = this.#change(() => this.#parts.writer.finishPending()).catch((error: unknown) => {
      if (error instanceof Unavailable && error.cause instanceof WrongServer) throw error.cause;
      if (!(error instanceof Unavailable)) throw error;
    });
    const late = sleep(waitMs, undefined, { ref: false });
    await Promise.race([begun, late]);
    begun.catch(() => {}); // later than that it is an alert, and the next write says it again
  }

  write(batch: readonly ReadingColumns[], upTo: Position): Promise<void> {
    return this.#change(() => this.#parts.writer.write(batch, upTo));
  }

  skip(values: Readonly<Record<string, number>>, upTo: Position): Promise<void> {
    return this.#change(() => this.#parts.writer.skip(values, upTo));
  }

  async latest(assets?: readonly string[]): Promise<LatestValue[]> {
    return this.#parts.dictionary.latest(assets);
  }

  points(query: PointsQuery): Promise<Points> {
    return this.#ask(this.#parts.quick, (api) => readPoints({ ...this.#parts, api }, query));
  }

  windows(query: WindowsQuery): Promise<Windows> {
    const { quick, heavy } = this.#parts;
    const gate = query.assets.length <= QUICK_SERIES ? quick : heavy;
    return this.#ask(gate, (api) => readWindows({ ...this.#parts, api }, query));
  }

  async counts(): Promise<{ position: Position; byOwner: Record<string, StoreCounts> }> {
    const { position, counts } = this.#parts.journal.state;
    return { position: { ...position }, byOwner: Object.fromEntries(counts) };
  }

  /** Nothing: the server merges and forgets by itself. */
  async maintain(): Promise<void> {}

  async behind(ms: number): Promise<void> {
    this.#parts.heavy.hold(ms > BEHIND_LIMIT);
  }

  /** `bytes`: of a single node; what a cluster's storage nodes hold is not ours to ask, there it is the journal alone. */
  async stats(): Promise<{ rows: number; bytes: number; newestReceived: number }> {
    const { journal, api } = this.#parts;
    const { counts, newestReceived } = journal.state;
    let rows = 0;
    for (const { readings } of counts.values()) rows += readings;
    return { rows, bytes: journal.bytes() + (await api.storageBytes()), newestReceived };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { abort, quick, heavy, journal } = this.#parts;
    abort.abort();
    quick.close();
    heavy.close();
    await this.#exclusive(async () => journal.close());
  }

  async #ask<T>(gate: Gate, question: (api: SelectApi) => Promise<T>): Promise<T> {
    const { api, visibility } = this.#parts;
    return await gate.run(async (signal) => {
      await this.#check();
      await visibility.show();
      return await question(api.within(signal));
    });
  }

  async #change(change: () => Promise<void>): Promise<void> {
    if (this.#closed) throw new Unavailable('series: closed');
    const { alerts } = this.#parts;
    try {
      await this.#exclusive(async () => {
        await this.#check();
        await change();
      });
      alerts.clear(ALERT);
    } catch (error) {
      if (error instanceof Unavailable && !this.#closed) alerts.raise(ALERT, error.message);
      throw error;
    }
  }

  /** Runs until it has succeeded once. A wrong server may be mended while we run, so for callers it is one that is away. */
  #check(): Promise<void> {
    this.#checked ??= this.#parts.check().catch((cause: unknown) => {
      this.#checked = undefined;
      throw cause instanceof WrongServer ? new Unavailable(cause.message, { cause }) : cause;
    });
    return this.#checked;
  }
}
