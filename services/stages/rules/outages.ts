/**
 * When network servers were away. Who is heard through one alone is not silent then: we do not hear him, and the platform
 * says so in one alert of its own.
 */
import type { Blindness } from '../../knowledge/conditions/absence.ts';
import type { Outage } from '../../model/alert.ts';
import type { Device } from '../../model/device.ts';

/** Longer ago than any silence that is still waited for. */
const FORGET_MS = 60 * 86_400_000;
const MOST_KEPT = 200;

/** As JSON in the state of the stage. */
interface Server {
  id: string;
  owner: string;
  /** Since when it is away, epoch ms. */
  away?: number;
  /** Ascending. */
  past: [from: number, to: number][];
}

export class Outages {
  #servers = new Map<string, Server>();
  #changed = false;

  /** The same told twice changes nothing. */
  note({ networkServer: id, owner, state, at }: Outage): void {
    const server = this.#servers.get(id) ?? { id, owner, past: [] };
    const { away, past } = server;
    if ((state === 'away') === (away !== undefined)) return;
    const kept = past.filter(([, to]) => to > at - FORGET_MS).slice(-MOST_KEPT);
    const ended: Server['past'] = away === undefined ? kept : [...kept, [away, Math.max(away, at)]];
    this.#servers.set(id, { id, owner, past: ended, ...(state === 'away' && { away: at }) });
    this.#changed = true;
  }

  /** Whether these devices are all behind one that is away now. */
  areBehindOne(devices: readonly Device[]): boolean {
    for (const server of this.#servers.values()) if (server.away !== undefined && behind(devices, server)) return true;
    return false;
  }

  /** `own`: when we ourselves did not listen. With the times in which all these devices were behind one that was away. */
  blindTo(devices: readonly Device[], own: readonly Blindness[], now: number): readonly Blindness[] {
    const times: Blindness[] = [];
    for (const server of this.#servers.values()) {
      if (!behind(devices, server)) continue;
      times.push(...server.past);
      if (server.away !== undefined && server.away < now) times.push([server.away, now]);
    }
    return times.length === 0 ? own : united([...own, ...times]);
  }

  save(): Uint8Array | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return Buffer.from(JSON.stringify([...this.#servers.values()]));
  }

  restore(saved: Uint8Array | undefined): void {
    const servers = saved ? (JSON.parse(Buffer.from(saved).toString()) as Server[]) : []; // written by save()
    this.#servers = new Map(servers.map((s) => [s.id, s]));
    this.#changed = false;
  }
}

function behind(devices: readonly Device[], { id, owner }: Server): boolean {
  return (
    devices.length > 0 &&
    devices.every(({ connection, owner: of }) => {
      if (connection.kind !== 'lorawan') return false;
      return connection.networkServer === undefined ? of === owner : connection.networkServer === id;
    })
  );
}

/** Ascending, without overlaps. */
function united(times: Blindness[]): Blindness[] {
  const all: [number, number][] = [];
  for (const [from, to] of times.sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}
