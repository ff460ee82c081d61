/** The series port on VictoriaMetrics: what is stored stays as it is, and windows are answered from raw samples. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../../model/errors.ts';
import type { StoreCounts } from '../../../model/ledger.ts';
import type { Position } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { LatestValue, Points, PointsQuery, SeriesStore, Windows, WindowsQuery } from '../../../model/series.ts';
import type { SeriesDictionary } from '../dictionary.ts';
import type { BatchWriter } from '../line-protocol/batch-writer.ts';
import type { Journal } from '../line-protocol/journal.ts';
import type { ServerAccess } from '../line-protocol/server-access.ts';
import type { Meaning } from '../meaning.ts';
import { readPoints } from './read-points.ts';
import { readWindows } from './read-windows.ts';
import type { SelectApi } from './select-api.ts';
import { WrongServer } from './server-check.ts';
import type { Visibility } from './visibility.ts';

export interface VictoriametricsStoreParts {
  journal: Journal;
  dictionary: SeriesDictionary;
  writer: BatchWriter;
  api: SelectApi;
  visibility: Visibility;
  meaning: (quantity: string) => Meaning;
  access: ServerAccess;
}

export class VictoriametricsStore implements SeriesStore {
  readonly capabilities = { replaces: false };
  #parts: VictoriametricsStoreParts;
  #closed = false;

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
    const begun = this.#parts.access
      .change(() => this.#parts.writer.finishPending())
      .catch((error: unknown) => {
        if (error instanceof Unavailable && error.cause instanceof WrongServer) throw error.cause;
        if (!(error instanceof Unavailable)) throw error;
      });
    const late = sleep(waitMs, undefined, { ref: false });
    await Promise.race([begun, late]);
    begun.catch(() => {}); // later than that it is an alert, and the next write says it again
  }

  write(batch: readonly ReadingColumns[], upTo: Position): Promise<void> {
    return this.#parts.access.change(() => this.#parts.writer.write(batch, upTo));
  }

  skip(values: Readonly<Record<string, number>>, upTo: Position): Promise<void> {
    return this.#parts.access.change(() => this.#parts.writer.skip(values, upTo));
  }

  async latest(assets?: readonly string[]): Promise<LatestValue[]> {
    return this.#parts.dictionary.latest(assets);
  }

  points(query: PointsQuery): Promise<Points> {
    return this.#ask(1, (api) => readPoints({ ...this.#parts, api }, query));
  }

  windows(query: WindowsQuery): Promise<Windows> {
    return this.#ask(query.assets.length, (api) => readWindows({ ...this.#parts, api }, query));
  }

  async counts(): Promise<{ position: Position; byOwner: Record<string, StoreCounts> }> {
    const { position, counts } = this.#parts.journal.state;
    return { position: { ...position }, byOwner: Object.fromEntries(counts) };
  }

  /** Looks whether the server is there; it merges and forgets by itself. */
  async maintain(): Promise<void> {
    const { access, api } = this.#parts;
    if (!access.ended) await access.probe((signal) => api.within(signal).query('1', Date.now()));
  }

  async behind(ms: number): Promise<void> {
    this.#parts.access.behind(ms);
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
    const { access, journal } = this.#parts;
    access.end();
    await access.exclusive(async () => journal.close());
  }

  #ask<T>(series: number, question: (api: SelectApi) => Promise<T>): Promise<T> {
    const { access, api, visibility } = this.#parts;
    return access.ask(series, async (signal) => {
      await visibility.show();
      return await question(api.within(signal));
    });
  }
}
