/** The timers of the rules: a binary heap that knows where each timer lies, so that each has one entry however often it moves. */

export interface Timed {
  /** Rule clock at which it fires, epoch ms. */
  due: number;
  /** Decides between timers that are due at the same time, so that every run fires them in the same order. */
  readonly key: string;
  /** Its place in the heap; −1 when it is not set. Kept by Timers. */
  place: number;
}

export class Timers<T extends Timed> {
  #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The next to fire. */
  peek(): T | undefined {
    return this.#heap[0];
  }

  /** Sets a timer, or moves it. */
  set(timer: T, due: number): void {
    timer.due = due;
    if (timer.place < 0) {
      timer.place = this.#heap.length;
      this.#heap.push(timer);
    }
    this.#up(timer);
    this.#down(timer);
  }

  remove(timer: T): void {
    if (timer.place < 0) return;
    const last = this.#heap.pop()!; // the timer itself is in it
    if (last !== timer) {
      this.#put(last, timer.place);
      this.#up(last);
      this.#down(last);
    }
    timer.place = -1;
  }

  clear(): void {
    for (const timer of this.#heap) timer.place = -1;
    this.#heap = [];
  }

  #up(timer: T): void {
    while (timer.place > 0) {
      const parent = this.#heap[(timer.place - 1) >> 1]!; // above a place within the heap
      if (!before(timer, parent)) return;
      this.#swap(timer, parent);
    }
  }

  #down(timer: T): void {
    for (;;) {
      const left = this.#heap[2 * timer.place + 1];
      const right = this.#heap[2 * timer.place + 2];
      const least = right && left && before(right, left) ? right : left;
      if (!least || !before(least, timer)) return;
      this.#swap(timer, least);
    }
  }

  #swap(a: T, b: T): void {
    const place = a.place;
    this.#put(a, b.place);
    this.#put(b, place);
  }

  #put(timer: T, place: number): void {
    this.#heap[place] = timer;
    timer.place = place;
  }
}

function before(a: Timed, b: Timed): boolean {
  return a.due < b.due || (a.due === b.due && a.key < b.key);
}
