/**
 * The last used reading of every series, and when each asset was last heard: two numbers a series, changed by almost
 * every value, and durable with every batch. So they lie packed, and are saved as databases do it:
 *
 *   j/N   journal: what one batch changed, 20 bytes a series it touched
 *   p/N   page: times and values of 256 series, 4 KiB, written when the journal has grown; the journal then begins anew
 *   n/N   names of the 256 series of a page, one a line, written when one is added or freed
 *
 * A batch so costs what it touched, not a page of 4 KiB for each series of it.
 */
import type { StateChanges } from '../../model/log.ts';

const PAGE = 256;
const ENTRY_BYTES = 8 + 8 + 4;
const JOURNAL_BYTES = 4 << 20;
const JOURNAL_KEYS = 1024;

export class SeriesMemory {
  /** Event time of the last used reading by slot; −Infinity before there is one. */
  time = new Float64Array(0);
  value = new Float64Array(0);
  #names: string[] = [];
  #slotOf = new Map<string, number>();
  #free: number[] = [];
  #stamp = new Uint32Array(0);
  #batch = 1;
  #touched: number[] = [];
  #namesChanged = new Set<number>();
  #pagesChanged = new Set<number>();
  #journalKeys: number[] = [];
  #journalBytes = 0;
  #nextJournal = 0;

  /** The slot of a name; a new one if it has none. Slots are numbers from 0 up, used again once freed. */
  slot(name: string): number {
    const known = this.#slotOf.get(name);
    if (known !== undefined) return known;
    const slot = this.#free.pop() ?? this.#names.length;
    if (slot >= this.time.length) this.#grow();
    this.#names[slot] = name;
    this.#slotOf.set(name, slot);
    this.#namesChanged.add(Math.floor(slot / PAGE));
    return slot;
  }

  names(): Iterable<string> {
    return this.#slotOf.keys();
  }

  free(name: string): void {
    const slot = this.#slotOf.get(name);
    if (slot === undefined) return;
    this.set(slot, Number.NEGATIVE_INFINITY, 0);
    this.#slotOf.delete(name);
    this.#names[slot] = '';
    this.#free.push(slot);
    this.#namesChanged.add(Math.floor(slot / PAGE));
  }

  set(slot: number, time: number, value: number): void {
    this.time[slot] = time;
    this.value[slot] = value;
    if (this.#stamp[slot] === this.#batch) return;
    this.#stamp[slot] = this.#batch;
    this.#touched.push(slot);
  }

  /** Adds what the batch changed to its commit. */
  save(changes: Map<string, Uint8Array | undefined>): void {
    for (const page of this.#namesChanged) {
      changes.set(`n/${page}`, Buffer.from(this.#names.slice(page * PAGE, (page + 1) * PAGE).join('\n')));
    }
    this.#namesChanged.clear();
    if (this.#touched.length === 0) return;
    for (const slot of this.#touched) this.#pagesChanged.add(Math.floor(slot / PAGE));
    this.#journalBytes += this.#touched.length * ENTRY_BYTES;
    if (this.#journalBytes > JOURNAL_BYTES || this.#journalKeys.length >= JOURNAL_KEYS) this.#fold(changes);
    else {
      changes.set(`j/${this.#nextJournal}`, this.#journal());
      this.#journalKeys.push(this.#nextJournal++);
    }
    this.#touched = [];
    this.#batch++;
  }

  restore(state: StateChanges): void {
    this.time = new Float64Array(0);
    this.value = new Float64Array(0);
    this.#names = [];
    this.#slotOf.clear();
    this.#free = [];
    this.#stamp = new Uint32Array(0);
    this.#batch = 1;
    this.#touched = [];
    this.#namesChanged.clear();
    this.#pagesChanged.clear();
    this.#journalKeys = [];
    this.#journalBytes = 0;
    for (const [key, bytes] of state) {
      if (key.startsWith('n/') && bytes) this.#restoreNames(Number(key.slice(2)), Buffer.from(bytes).toString());
    }
    for (const [key, bytes] of state) {
      if (key.startsWith('p/') && bytes) this.#restorePage(Number(key.slice(2)), bytes);
    }
    const journals = [...state.keys()].filter((key) => key.startsWith('j/')).map((key) => Number(key.slice(2)));
    for (const number of journals.sort((a, b) => a - b)) this.#replay(number, state.get(`j/${number}`)!); // a key of it
    this.#nextJournal = (this.#journalKeys.at(-1) ?? -1) + 1;
    for (let slot = 0; slot < this.#names.length; slot++) if (!this.#names[slot]) this.#free.push(slot);
  }

  #fold(changes: Map<string, Uint8Array | undefined>): void {
    for (const page of this.#pagesChanged) {
      const both = new Float64Array(2 * PAGE);
      both.set(this.time.subarray(page * PAGE, (page + 1) * PAGE));
      both.set(this.value.subarray(page * PAGE, (page + 1) * PAGE), PAGE);
      changes.set(`p/${page}`, new Uint8Array(both.buffer));
    }
    for (const number of this.#journalKeys) changes.set(`j/${number}`, undefined);
    this.#pagesChanged.clear();
    this.#journalKeys = [];
    this.#journalBytes = 0;
  }

  #journal(): Uint8Array {
    const n = this.#touched.length;
    const bytes = new ArrayBuffer(n * ENTRY_BYTES);
    const times = new Float64Array(bytes, 0, n);
    const values = new Float64Array(bytes, 8 * n, n);
    const slots = new Uint32Array(bytes, 16 * n, n);
    for (let i = 0; i < n; i++) {
      const slot = this.#touched[i]!; // i is within the list
      times[i] = this.time[slot]!;
      values[i] = this.value[slot]!;
      slots[i] = slot;
    }
    return new Uint8Array(bytes);
  }

  #replay(number: number, saved: Uint8Array): void {
    const bytes = new Uint8Array(saved).buffer; // a copy, so that it is aligned
    const n = bytes.byteLength / ENTRY_BYTES;
    const times = new Float64Array(bytes, 0, n);
    const values = new Float64Array(bytes, 8 * n, n);
    const slots = new Uint32Array(bytes, 16 * n, n);
    for (let i = 0; i < n; i++) {
      const slot = slots[i]!; // n of each
      this.time[slot] = times[i]!;
      this.value[slot] = values[i]!;
      this.#pagesChanged.add(Math.floor(slot / PAGE));
    }
    this.#journalKeys.push(number);
    this.#journalBytes += bytes.byteLength;
  }

  #restoreNames(page: number, text: string): void {
    const names = text.split('\n');
    while (this.time.length < (page + 1) * PAGE) this.#grow();
    while (this.#names.length < page * PAGE + names.length) this.#names.push('');
    for (const [i, name] of names.entries()) {
      this.#names[page * PAGE + i] = name;
      if (name !== '') this.#slotOf.set(name, page * PAGE + i);
    }
  }

  #restorePage(page: number, saved: Uint8Array): void {
    const both = new Float64Array(new Uint8Array(saved).buffer);
    while (this.time.length < (page + 1) * PAGE) this.#grow();
    this.time.set(both.subarray(0, PAGE), page * PAGE);
    this.value.set(both.subarray(PAGE), page * PAGE);
  }

  #grow(): void {
    const size = Math.max(PAGE, 2 * this.time.length);
    const time = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    time.set(this.time);
    this.time = time;
    const value = new Float64Array(size);
    value.set(this.value);
    this.value = value;
    const stamp = new Uint32Array(size);
    stamp.set(this.#stamp);
    this.#stamp = stamp;
  }
}
