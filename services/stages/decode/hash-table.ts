/** A table from 64-bit hashes to (connection, time), in typed arrays: a million entries cost 48 MB and no garbage. */

/** Open addressing with linear probing; entries are never removed one by one, whole tables are. Time 0 means empty. */
export class HashTable {
  #slots: number;
  #low: Uint32Array;
  #high: Uint32Array;
  #connection: Float64Array;
  #at: Float64Array;
  size = 0;

  constructor(slots = 1024) {
    this.#slots = slots;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#connection = new Float64Array(slots);
    this.#at = new Float64Array(slots);
  }

  /** The slot of a hash, for `at` and `connection`; -1 when it is not there. */
  find(low: number, high: number): number {
    const slot = this.#probe(low, high);
    return this.#at[slot] === 0 ? -1 : slot;
  }

  at(slot: number): number {
    return this.#at[slot]!; // a slot comes from find
  }

  connection(slot: number): number {
    return this.#connection[slot]!; // a slot comes from find
  }

  put(low: number, high: number, connection: number, at: number): void {
    if (this.size * 2 >= this.#slots) this.#grow();
    const slot = this.#probe(low, high);
    if (this.#at[slot] === 0) this.size++;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#connection[slot] = connection;
    this.#at[slot] = at;
  }

  #probe(low: number, high: number): number {
    const mask = this.#slots - 1;
    let slot = low & mask;
    while (this.#at[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const larger = new HashTable(this.#slots * 2);
    for (let i = 0; i < this.#slots; i++) {
      if (this.#at[i] !== 0) larger.put(this.#low[i]!, this.#high[i]!, this.#connection[i]!, this.#at[i]!); // i < slots
    }
    this.#slots = larger.#slots;
    this.#low = larger.#low;
    this.#high = larger.#high;
    this.#connection = larger.#connection;
    this.#at = larger.#at;
  }
}
