/**
 * The series engine as the composition root gets it. DuckDB gives up on its file for good after some errors, a full disk
 * during a checkpoint among them; then it is closed and opened anew with the next call, as after a crash, and whoever
 * called is told to try again.
 */
import { Unavailable } from '../../../model/errors.ts';
import type { SeriesStore } from '../../../model/series.ts';
import type { DuckdbStore } from './duckdb-store.ts';
import { type DuckdbSeriesOptions, openStore } from './open-store.ts';

// How long to leave a disk in peace that could not be opened from.
const REOPEN_MS = 1000;

/** @throws Error when the folder is in use, damaged, or of a later format. */
export async function openDuckdbSeries(options: DuckdbSeriesOptions): Promise<SeriesStore> {
  const open = () => openStore(options);
  return new ReopeningSeries({ first: await open(), open, logger: options.logger });
}

export interface ReopeningParts {
  first: DuckdbStore;
  open: () => Promise<DuckdbStore>;
  logger: DuckdbSeriesOptions['logger'];
}

export class ReopeningSeries implements SeriesStore {
  readonly capabilities = { replaces: true };
  #store: Promise<DuckdbStore>;
  #open: () => Promise<DuckdbStore>;
  #logger: DuckdbSeriesOptions['logger'];
  #closed = false;

  constructor({ first, open, logger }: ReopeningParts) {
    this.#store = Promise.resolve(first);
    this.#open = open;
    this.#logger = logger;
  }

  position: SeriesStore['position'] = () => this.#call((s) => s.position());
  // Whatever goes wrong with a batch but the batch itself is the disk's or the engine's fault: the same again later.
  write: SeriesStore['write'] = (batch, upTo) => this.#call((s) => s.write(batch, upTo).catch(unavailable));
  skip: SeriesStore['skip'] = (values, upTo) => this.#call((s) => s.skip(values, upTo).catch(unavailable));
  latest: SeriesStore['latest'] = (assets) => this.#call((s) => s.latest(assets));
  points: SeriesStore['points'] = (query) => this.#call((s) => s.points(query));
  windows: SeriesStore['windows'] = (query) => this.#call((s) => s.windows(query));
  counts: SeriesStore['counts'] = () => this.#call((s) => s.counts());
  maintain: SeriesStore['maintain'] = (now) => this.#call((s) => s.maintain(now));
  behind: SeriesStore['behind'] = (ms) => this.#call((s) => s.behind(ms));
  stats: SeriesStore['stats'] = () => this.#call((s) => s.stats());

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const store = await this.#store.catch(() => undefined);
    await store?.close();
  }

  async #call<T>(ask: (store: DuckdbStore) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Unavailable('series: closed');
    const current = this.#store;
    const store = await current.catch((cause: unknown) => {
      throw new Unavailable('series: the database cannot be opened', { cause });
    });
    try {
      return await ask(store);
    } catch (error) {
      if (!isFatal(error)) throw error;
      if (this.#store === current && !this.#closed) this.#reopen(store, error);
      throw new Unavailable('series: the database had to be opened anew', { cause: error });
    }
  }

  #reopen(broken: DuckdbStore, error: unknown): void {
    this.#logger.error({ err: error }, 'the series database gave up; it is opened anew');
    const opening = (async () => {
      await broken.close().catch((cause: unknown) => this.#logger.warn({ err: cause }, 'closing the broken database'));
      return await this.#open();
    })();
    this.#store = opening;
    opening.then(
      () => this.#logger.info({}, 'the series database is open again'),
      (cause: unknown) => this.#retryLater(opening, cause),
    );
  }

  #retryLater(failed: Promise<DuckdbStore>, cause: unknown): void {
    this.#logger.error({ err: cause }, 'the series database cannot be opened; it is tried again');
    const timer = setTimeout(() => {
      if (this.#closed || this.#store !== failed) return;
      const opening = this.#open();
      this.#store = opening;
      opening.catch((again: unknown) => this.#retryLater(opening, again));
    }, REOPEN_MS);
    timer.unref();
  }
}

function isFatal(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e.message.includes('FATAL Error')) return true;
  return false;
}

function unavailable(error: unknown): never {
  // A bad row is the one thing that repeating cannot help.
  if (error instanceof RangeError || error instanceof Unavailable) throw error;
  throw new Unavailable('series: the batch could not be written', { cause: error });
}
