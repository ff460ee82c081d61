/** What decode remembers of each device: when it was last heard, what it reports, and what it sends that nobody knows. */
import { Buffer } from 'node:buffer';
import type { DeviceReport, RadioReport } from '../../model/device-report.ts';
import { RadioMemory, type SavedRadio } from './radio-memory.ts';

const PREFIX = 'device/';
const MAX_UNKNOWN = 20;
const MAX_KEY = 64;
const MAX_ASSETS = 4;
/** No quantity begins so. */
const DERIVED = '=';
const MAX_QUANTITIES = 1000;
/** How often a device that only goes on as before is written; what is lost by a crash is told again by its next message. */
const SAVE_MS = 60_000;

/** As JSON in the state of the stage. */
interface Saved {
  seen: number;
  status?: 'online' | 'offline';
  statusAt?: number;
  reports: [asset: string, quantities: string[]][];
  unknown: [key: string, count: number, lastAt: number][];
  radio?: SavedRadio;
}

export class DeviceMemory {
  readonly id: string;
  lastSeen = 0;
  dirty = false;
  #savedAt = Number.NEGATIVE_INFINITY;
  #status: DeviceReport['status'];
  #reports = new Map<string, Set<string>>();
  #unknown = new Map<string, { count: number; lastAt: number }>();
  #radio: RadioMemory | undefined;
  #dirtyList: DeviceMemory[];

  constructor(id: string, dirtyList: DeviceMemory[], saved?: Saved) {
    this.id = id;
    this.#dirtyList = dirtyList;
    if (!saved) return;
    this.lastSeen = saved.seen;
    this.#savedAt = saved.seen;
    if (saved.status) this.#status = { state: saved.status, at: saved.statusAt ?? saved.seen };
    this.#reports = new Map(saved.reports.map(([asset, quantities]) => [asset, new Set(quantities)]));
    if (saved.radio) this.#radio = new RadioMemory(saved.radio.server, saved.radio);
    this.#unknown = new Map(saved.unknown.map(([key, count, lastAt]) => [key, { count, lastAt }]));
  }

  seen(at: number): void {
    this.lastSeen = at;
    if (at - this.#savedAt >= SAVE_MS) this.#touch();
  }

  status(state: 'online' | 'offline', at: number): void {
    this.#status = { state, at };
    this.#touch();
  }

  /** It gave values of this quantity (with channel) on this asset: no later device may. See semantics: Key of a value. */
  reported(asset: string, quantity: string): void {
    let quantities = this.#reports.get(asset);
    if (!quantities) {
      quantities = new Set();
      this.#reports.set(asset, quantities);
      if (this.#reports.size > MAX_ASSETS) this.#reports.delete(this.#reports.keys().next().value!); // there is one
    }
    if (quantities.has(quantity) || quantities.size >= MAX_QUANTITIES) return;
    quantities.add(quantity);
    this.#touch();
  }

  /** As `reported`, for what is worked out from its values. */
  derived(asset: string, quantity: string): void {
    this.reported(asset, DERIVED + quantity);
  }

  /** It reports the quantity itself. */
  reports(asset: string, quantity: string): boolean {
    return this.#reports.get(asset)?.has(quantity) ?? false;
  }

  /** Values of the quantity come from it, reported or derived. */
  gives(asset: string, quantity: string): boolean {
    return this.reports(asset, quantity) || this.reports(asset, DERIVED + quantity);
  }

  unknownKey(key: string, at: number): void {
    const name = key.slice(0, MAX_KEY).toWellFormed();
    const known = this.#unknown.get(name);
    if (known) {
      known.count++;
      known.lastAt = at;
      return;
    }
    if (this.#unknown.size >= MAX_UNKNOWN) {
      const oldest = [...this.#unknown].reduce((a, b) => (b[1].lastAt < a[1].lastAt ? b : a));
      this.#unknown.delete(oldest[0]);
    }
    this.#unknown.set(name, { count: 1, lastAt: at });
    this.#touch();
  }

  /** What its network server tells of it. Written with the next commit, whatever is done with it: frames are rare, and gaps count. */
  radio(server: string): RadioMemory {
    if (this.#radio?.saved.server !== server) this.#radio = new RadioMemory(server);
    this.#touch();
    return this.#radio;
  }

  get radioReport(): RadioReport | undefined {
    return this.#radio?.report();
  }

  report(): DeviceReport {
    return {
      lastSeen: this.lastSeen,
      ...(this.#radio && { radio: this.#radio.report() }),
      ...(this.#status && { status: this.#status }),
      unknownKeys: [...this.#unknown].map(([key, { count, lastAt }]) => ({ key, count, lastAt })),
    };
  }

  save(): Uint8Array {
    this.dirty = false;
    this.#savedAt = this.lastSeen;
    const saved: Saved = {
      seen: this.lastSeen,
      ...(this.#status && { status: this.#status.state, statusAt: this.#status.at }),
      reports: [...this.#reports].map(([asset, quantities]) => [asset, [...quantities]]),
      unknown: [...this.#unknown].map(([key, { count, lastAt }]) => [key, count, lastAt]),
      ...(this.#radio && { radio: this.#radio.saved }),
    };
    return Buffer.from(JSON.stringify(saved));
  }

  #touch(): void {
    if (this.dirty) return;
    this.dirty = true;
    this.#dirtyList.push(this);
  }
}

/** The memories of all devices that were ever known here. */
export class DeviceMemories {
  #devices = new Map<string, DeviceMemory>();
  #dirty: DeviceMemory[] = [];

  get(id: string): DeviceMemory | undefined {
    return this.#devices.get(id);
  }

  all(): Iterable<DeviceMemory> {
    return this.#devices.values();
  }

  /** Only for devices the directory knows, so that their number is bounded. */
  of(id: string): DeviceMemory {
    let memory = this.#devices.get(id);
    if (!memory) {
      memory = new DeviceMemory(id, this.#dirty);
      this.#devices.set(id, memory);
    }
    return memory;
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#devices.clear();
    this.#dirty.length = 0;
    for (const [key, bytes] of state) {
      if (!key.startsWith(PREFIX)) continue;
      const id = key.slice(PREFIX.length);
      const saved = JSON.parse(Buffer.from(bytes).toString()) as Saved; // written by `save`
      this.#devices.set(id, new DeviceMemory(id, this.#dirty, saved));
    }
  }

  changes(state: Map<string, Uint8Array | undefined>): void {
    for (const memory of this.#dirty) state.set(PREFIX + memory.id, memory.save());
    this.#dirty.length = 0;
  }
}
