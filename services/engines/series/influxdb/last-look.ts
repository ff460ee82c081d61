/** What the last look-up of the writer saw: where the values lie that a batch meets again, and what lies between them. */
import { keyName } from '../decide.ts';
import type { Place } from './erasing.ts';

export class LastLook {
  #places = new Map<string, Place>();
  #times = new Map<number, Set<number>>();

  clear(): void {
    this.#places.clear();
    this.#times.clear();
  }

  see(series: number, time: number, place: Place): void {
    this.#places.set(keyName(series, time), place);
    const times = this.#times.get(series);
    if (times) times.add(time);
    else this.#times.set(series, new Set([time]));
  }

  placeOf(series: number, time: number): Place | undefined {
    return this.#places.get(keyName(series, time));
  }

  /**
   * Runs of `removed` with nothing else of the series between their ends, so that one range takes a whole run: a device
   * decoded anew may retract a year. `gap`: times further apart were not looked at together.
   */
  runs(series: number, removed: readonly number[], gap: number): { from: number; to: number }[] {
    const going = new Set(removed);
    const all = [...new Set([...(this.#times.get(series) ?? []), ...removed])].sort((a, b) => a - b);
    const runs: { from: number; to: number }[] = [];
    let open: { from: number; to: number } | undefined;
    for (const time of all) {
      if (!going.has(time)) open = undefined;
      else if (open && time - open.to < gap) open.to = time;
      else {
        open = { from: time, to: time };
        runs.push(open);
      }
    }
    return runs;
  }
}
