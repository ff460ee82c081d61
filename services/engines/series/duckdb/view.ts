/**
 * What makes up the data at one moment: hot tables in arrival order and sealed parts. A reader pins the view it began
 * with; tables and files that left the view are removed only when nobody has it pinned any more.
 */

/** A hot table. Corrections may still delete from one that is closed, until its rows are sealed. */
export interface Generation {
  id: number;
  rows: number;
  /** Of the rows in it, epoch ms; widened before they are committed, so never too narrow for a reader. */
  minTime: number;
  maxTime: number;
  /** When its first row came, epoch ms of our own clock; 0 while empty. */
  since: number;
  /** Being written to a file: what is deleted here now must be hidden there as well. */
  sealing: boolean;
}

/** Some sealed rows of one month: a raw file, unless retention took it, and the hourly rollup of the same rows. */
export interface Part {
  id: number;
  month: number;
  raw: boolean;
  rows: number;
  /** Of its rows, those of the hours included, epoch ms. Never too narrow. */
  minTime: number;
  maxTime: number;
  /** Uplink offsets of uncontested rows are forgotten. */
  settled: boolean;
  /** Quantities whose raw rows retention has taken out; their hours are still here. */
  dropped: readonly string[];
}

export class View {
  readonly generations: readonly Generation[];
  readonly parts: readonly Part[];
  pins = 0;
  drained: (() => void) | undefined;

  constructor(generations: readonly Generation[], parts: readonly Part[]) {
    this.generations = generations;
    this.parts = parts;
  }

  /** The table that rows are appended to. */
  get open(): Generation {
    return this.generations.at(-1)!; // there is always one
  }

  /** Parts that may hold rows of [from, to). */
  partsBetween(from: number, to: number): Part[] {
    return this.parts.filter((p) => p.minTime < to && p.maxTime >= from);
  }
}

export class Views {
  current: View;
  #draining: Promise<void> = Promise.resolve();

  constructor(first: View) {
    this.current = first;
  }

  pin(): View {
    this.current.pins++;
    return this.current;
  }

  unpin(view: View): void {
    view.pins--;
    if (view.pins === 0 && view !== this.current) view.drained?.();
  }

  /** Makes `next` current; resolves when no earlier view has a reader left. */
  swap(next: View): Promise<void> {
    const former = this.current;
    this.current = next;
    if (former.pins > 0) {
      const drained = new Promise<void>((resolve) => {
        former.drained = resolve;
      });
      this.#draining = Promise.all([this.#draining, drained]).then(() => {});
    }
    return this.#draining;
  }
}

export function hotTable(generation: Generation): string {
  return `hot_${generation.id}`;
}
