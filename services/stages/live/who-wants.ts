/** Who wants which series: asked of each listener once, remembered until something changes. */
import type { Listener } from '../../model/live.ts';
import type { SeriesRef } from '../../model/readings.ts';

const MOST_REMEMBERED = 200_000;
/** Looking for more names than this in a block costs as much as reading its list of series. */
const MOST_ASSETS = 8;

export class WhoWants {
  #listeners: readonly Listener[] = [];
  #remembered = new Map<string, readonly Listener[]>();
  /** The only assets anybody listens to, where they are few; else undefined. */
  assets: readonly string[] | undefined;

  set(listeners: ReadonlySet<Listener>): void {
    this.#listeners = [...listeners];
    this.#remembered.clear();
    const assets = new Set(this.#listeners.map((l) => l.asset));
    this.assets = assets.has(undefined) || assets.size > MOST_ASSETS ? undefined : ([...assets] as string[]); // none undefined
  }

  forget(): void {
    this.#remembered.clear();
  }

  of(series: SeriesRef): readonly Listener[] {
    const key = `${series.asset}\t${series.quantity}\t${series.owner}\t${series.type}`;
    let found = this.#remembered.get(key);
    if (!found) {
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      found = this.#listeners.filter((l) => l.wants(series));
      this.#remembered.set(key, found);
    }
    return found;
  }
}
