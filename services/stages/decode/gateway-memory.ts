/** What decode remembers of each gateway: whether it is there, how much it hears, where it stands. */
import { Buffer } from 'node:buffer';
import type { GatewayReport } from '../../model/device-report.ts';
import type { GeoPosition, Heard } from '../../model/lorawan.ts';

const PREFIX = 'gateway/';
const HOUR_MS = 3_600_000;
const SAVE_MS = 60_000;
/** Of all network servers together; the longest silent is forgotten. */
const MAX_GATEWAYS = 20_000;

/** As JSON in the state of the stage. */
interface Gateway {
  id: string;
  server: string;
  owner: string;
  online?: boolean;
  onlineAt?: number;
  seen: number;
  /** Number of the hour since 1970, frames in it and in the one before. */
  hour: number;
  frames: number;
  before: number;
  location?: GeoPosition;
}

export type GatewayFacts = Omit<GatewayReport, 'devices'>;

export class GatewayMemories {
  #gateways = new Map<string, Gateway>();
  #dirty = new Set<string>();
  #savedAt = new Map<string, number>();

  /** Frames come from several gateways at once; each counts for itself. */
  heard(server: string, owner: string, heard: readonly Heard[], at: number): void {
    for (const { gateway: id, location } of heard) {
      const gateway = this.#of(server, owner, id);
      if (!gateway) continue;
      turn(gateway, at);
      gateway.frames++;
      gateway.seen = Math.max(gateway.seen, at);
      if (location) gateway.location = location;
      const key = keyOf(server, id);
      if (at - (this.#savedAt.get(key) ?? 0) >= SAVE_MS) this.#touch(key, at);
    }
  }

  connection(server: string, owner: string, id: string, online: boolean, at: number): void {
    const gateway = this.#of(server, owner, id);
    if (!gateway) return;
    gateway.online = online;
    gateway.onlineAt = at;
    this.#touch(keyOf(server, id), at);
  }

  /** `now`: epoch ms; what an hour is, is counted from there. */
  list(now: number): GatewayFacts[] {
    return [...this.#gateways.values()].map((g) => {
      const hour = Math.floor(now / HOUR_MS);
      const [last, before] = hour === g.hour ? [g.before, 0] : hour === g.hour + 1 ? [g.frames, g.before] : [0, 0];
      return {
        id: g.id,
        networkServer: g.server,
        owner: g.owner,
        ...(g.online !== undefined && { online: g.online }),
        ...(g.onlineAt !== undefined && { onlineAt: g.onlineAt }),
        lastSeen: g.seen,
        uplinksLastHour: last,
        uplinksHourBefore: before,
        ...(g.location && { location: g.location }),
      };
    });
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#gateways.clear();
    this.#dirty.clear();
    this.#savedAt.clear();
    const saved: [string, Gateway][] = [];
    for (const [key, bytes] of state)
      if (key.startsWith(PREFIX))
        saved.push([key.slice(PREFIX.length), JSON.parse(Buffer.from(bytes).toString()) as Gateway]); // written below
    const heardOf = ({ seen, onlineAt = 0 }: Gateway) => Math.max(seen, onlineAt);
    for (const [key, gateway] of saved.sort((a, b) => heardOf(a[1]) - heardOf(b[1]))) this.#gateways.set(key, gateway);
  }

  changes(state: Map<string, Uint8Array | undefined>): void {
    for (const key of this.#dirty) {
      const gateway = this.#gateways.get(key);
      state.set(PREFIX + key, gateway && Buffer.from(JSON.stringify(gateway)));
    }
    this.#dirty.clear();
  }

  #of(server: string, owner: string, name: string): Gateway | undefined {
    const id = name.slice(0, 64).toWellFormed();
    if (id === '') return undefined;
    const key = keyOf(server, id);
    let gateway = this.#gateways.get(key);
    // To the end: the map stays in the order in which they were last heard of.
    if (gateway) this.#gateways.delete(key);
    else gateway = { id, server, owner, seen: 0, hour: 0, frames: 0, before: 0 };
    this.#gateways.set(key, gateway);
    if (this.#gateways.size > MAX_GATEWAYS) this.#forget();
    gateway.owner = owner;
    return gateway;
  }

  #forget(): void {
    const key = this.#gateways.keys().next().value!; // there are too many
    this.#gateways.delete(key);
    this.#savedAt.delete(key);
    this.#dirty.add(key);
  }

  #touch(key: string, at: number): void {
    this.#dirty.add(key);
    this.#savedAt.set(key, at);
  }
}

function keyOf(server: string, id: string): string {
  return `${server}/${id}`;
}

/** Frames are counted by the hour. */
function turn(gateway: Gateway, at: number): void {
  const hour = Math.floor(at / HOUR_MS);
  if (hour <= gateway.hour) return;
  gateway.before = hour === gateway.hour + 1 ? gateway.frames : 0;
  gateway.frames = 0;
  gateway.hour = hour;
}
