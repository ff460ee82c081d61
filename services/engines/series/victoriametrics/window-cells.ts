/** What is known of one group in one window, put together from the series of the group. */
import type { Windows } from '../../../model/series.ts';

export interface Cell {
  count: number;
  sum: number;
  min: number;
  max: number;
  first: number;
  firstAt: number;
  last: number;
  lastAt: number;
  /** Of directions: the vector sum of all of them. */
  sine: number;
  cosine: number;
  /** Of counters: how much they rose. */
  rise: number;
}

export class WindowCells {
  #window: number;
  #byGroup = new Map<string, Map<number, Cell>>();

  constructor(window: number) {
    this.#window = window;
  }

  /** The cell of the window that `time` (epoch ms) lies in. */
  at(group: string, time: number): Cell {
    let cells = this.#byGroup.get(group);
    if (!cells) {
      cells = new Map();
      this.#byGroup.set(group, cells);
    }
    const begin = Math.floor(time / this.#window) * this.#window;
    let cell = cells.get(begin);
    if (!cell) {
      cell = emptyCell();
      cells.set(begin, cell);
    }
    return cell;
  }

  /** One row a group and window, sorted so; `read` gives each column from a cell. */
  table(read: readonly ((cell: Cell) => number)[]): Windows {
    const rows: { group: string; time: number; cell: Cell }[] = [];
    for (const group of [...this.#byGroup.keys()].sort()) {
      const cells = [...this.#byGroup.get(group)!].sort(([a], [b]) => a - b); // a key of it
      for (const [time, cell] of cells) rows.push({ group, time, cell });
    }
    return {
      group: rows.map((row) => row.group),
      time: Float64Array.from(rows, (row) => row.time),
      values: read.map((column) => Float64Array.from(rows, (row) => column(row.cell))),
    };
  }
}

function emptyCell(): Cell {
  return {
    count: 0,
    sum: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    first: Number.NaN,
    firstAt: Number.POSITIVE_INFINITY,
    last: Number.NaN,
    lastAt: Number.NEGATIVE_INFINITY,
    sine: 0,
    cosine: 0,
    rise: 0,
  };
}
