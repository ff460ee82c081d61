/** The `accepted` column of the ledger: uplinks taken per owner, counted in the transaction that makes them durable. */

export const INGEST = 'ingest';
const PREFIX = 'accepted/';

function number(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

/** Accepted uplinks per owner, out of the state of the stage `ingest`; `''` is nobody's. Works in any thread. */
export function readAccepted(state: ReadonlyMap<string, Uint8Array>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [key, value] of state) {
    if (key.startsWith(PREFIX))
      counts[key.slice(PREFIX.length)] = Buffer.from(value.buffer, value.byteOffset, 8).readDoubleLE();
  }
  return counts;
}

/** Counts of the group being filled, on top of those that are durable. */
export class AcceptedCounts {
  #durable: Map<string, number>;
  #group = new Map<string, { count: number }>();
  // Consecutive uplinks mostly have one owner; this saves a look-up for each.
  #lastOwner: string | undefined;
  #last = { count: 0 };

  constructor(durable: Readonly<Record<string, number>>) {
    this.#durable = new Map(Object.entries(durable));
  }

  add(owner: string): void {
    if (owner !== this.#lastOwner) {
      let entry = this.#group.get(owner);
      if (!entry) {
        entry = { count: 0 };
        this.#group.set(owner, entry);
      }
      this.#last = entry;
      this.#lastOwner = owner;
    }
    this.#last.count++;
  }

  /** The counts of the group as state to commit with it, and the way to make them count once they are durable. */
  take(state: Map<string, Uint8Array | undefined>): () => void {
    const group = this.#group;
    this.#group = new Map();
    this.#lastOwner = undefined;
    const next: [string, number][] = [];
    for (const [owner, { count }] of group) {
      const total = (this.#durable.get(owner) ?? 0) + count;
      next.push([owner, total]);
      state.set(PREFIX + owner, number(total));
    }
    return () => {
      for (const [owner, total] of next) this.#durable.set(owner, total);
    };
  }

  /** Durable uplinks per owner. */
  get durable(): ReadonlyMap<string, number> {
    return this.#durable;
  }
}
