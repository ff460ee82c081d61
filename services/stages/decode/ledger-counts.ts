/** The counts decode keeps for the ledger, by owner, changed in the transaction of its cursor. See semantics: Ledger. */
import { Buffer } from 'node:buffer';
import type { DecodeCounts } from '../../model/ledger.ts';

const PREFIX = 'ledger/';
const FIELDS = ['decoded', 'rejected', 'redelivered', 'partialRejects', 'values'] as const;

/**
 * The counts of every owner, out of what the stage `decode` remembers (all of it, or the keys under `ledger/`). Uplinks
 * count for the owner they were accepted for, values for the owner of the asset, as the store counts them too.
 */
export function readDecodeCounts(state: ReadonlyMap<string, Uint8Array>): Record<string, DecodeCounts> {
  const entries: [string, DecodeCounts][] = [];
  for (const [key, bytes] of state) if (key.startsWith(PREFIX)) entries.push([key.slice(PREFIX.length), unpack(bytes)]);
  return Object.fromEntries(entries); // own properties, whatever an owner is called
}

function unpack(bytes: Uint8Array): DecodeCounts {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [decoded, rejected, redelivered, partialRejects, values] = FIELDS.map((_, i) => b.readDoubleLE(i * 8));
  return {
    decoded: decoded!,
    rejected: rejected!,
    redelivered: redelivered!,
    partialRejects: partialRejects!,
    values: values!,
  }; // five, by construction
}

function pack(counts: DecodeCounts): Buffer {
  const b = Buffer.allocUnsafe(FIELDS.length * 8);
  for (const [i, name] of FIELDS.entries()) b.writeDoubleLE(counts[name], i * 8);
  return b;
}

/** The counts of one owner while a batch is handled. */
export class OwnerCounts implements DecodeCounts {
  decoded = 0;
  rejected = 0;
  redelivered = 0;
  partialRejects = 0;
  values = 0;
  /** Values of the uplink in hand, counted only once it is decoded. */
  tentative = 0;
  dirty = false;
  readonly owner: string;
  #dirty: OwnerCounts[];

  constructor(owner: string, dirty: OwnerCounts[]) {
    this.owner = owner;
    this.#dirty = dirty;
  }

  /** To be called before a count is changed, so that the change is written. */
  touch(): this {
    if (!this.dirty) {
      this.dirty = true;
      this.#dirty.push(this);
    }
    return this;
  }
}

export class LedgerCounts {
  #byOwner = new Map<string, OwnerCounts>();
  #dirty: OwnerCounts[] = [];

  of(owner: string): OwnerCounts {
    let counts = this.#byOwner.get(owner);
    if (!counts) {
      counts = new OwnerCounts(owner, this.#dirty);
      this.#byOwner.set(owner, counts);
    }
    return counts;
  }

  /** Values given since the beginning, which is where the stream of readings ends. */
  totalValues(): number {
    let total = 0;
    for (const counts of this.#byOwner.values()) total += counts.values;
    return total;
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#byOwner.clear();
    this.#dirty.length = 0;
    for (const [owner, counts] of Object.entries(readDecodeCounts(state))) Object.assign(this.of(owner), counts);
  }

  changes(state: Map<string, Uint8Array | undefined>): void {
    for (const counts of this.#dirty) {
      counts.dirty = false;
      state.set(PREFIX + counts.owner, pack(counts));
    }
    this.#dirty.length = 0;
  }
}
