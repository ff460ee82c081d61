/** Which rejects were tried again and how far they came, so that an order given twice moves the counts once. */
import { Buffer } from 'node:buffer';

interface Attempt {
  revision: number;
  settled: boolean;
  partial: boolean;
  at: number;
}

const PREFIX = 'replay/';
/** Rejects live 90 days; after that nobody can order a replay. */
const KEEP_MS = 90 * 86_400_000;

export class Replays {
  #attempts = new Map<number, Attempt>();
  #changed = new Map<number, Attempt | undefined>();

  get(uplink: number): Attempt | undefined {
    return this.#attempts.get(uplink);
  }

  put(uplink: number, attempt: Attempt): void {
    // To the end: the map stays in the order of the newest attempts.
    this.#attempts.delete(uplink);
    this.#attempts.set(uplink, attempt);
    this.#changed.set(uplink, attempt);
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    this.#attempts.clear();
    this.#changed.clear();
    const saved: [number, Attempt][] = [];
    for (const [key, bytes] of state) {
      // Written by `changes`.
      if (key.startsWith(PREFIX))
        saved.push([Number(key.slice(PREFIX.length)), JSON.parse(Buffer.from(bytes).toString()) as Attempt]);
    }
    for (const [uplink, attempt] of saved.sort((a, b) => a[1].at - b[1].at)) this.#attempts.set(uplink, attempt);
  }

  changes(state: Map<string, Uint8Array | undefined>, now: number): void {
    for (const [uplink, { at }] of this.#attempts) {
      if (at >= now - KEEP_MS) break;
      this.#attempts.delete(uplink);
      this.#changed.set(uplink, undefined);
    }
    for (const [uplink, attempt] of this.#changed)
      state.set(PREFIX + uplink, attempt && Buffer.from(JSON.stringify(attempt)));
    this.#changed.clear();
  }
}
