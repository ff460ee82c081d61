/**
 * Times for measurements that carry none: the receipt time, but never one a device had before. Two messages of one device
 * in the same millisecond are two measurements (semantics: Identity), and a value's key is asset, quantity and time.
 */
const KEY = 'own-times';

export class OwnTimes {
  /** Devices whose newest own time is not before the clock: only with those can the next message collide. */
  #newest = new Map<string, number>();
  #saved = false;

  /**
   * Epoch ms: `received`, or the next millisecond the device has not had.
   * @param clock receipt time of the newest record handled before; a replayed message is older and keeps its time.
   */
  next(device: string, received: number, clock: number): number {
    if (received < clock) return received;
    const before = this.#newest.get(device);
    const time = before === undefined || before < received ? received : before + 1;
    this.#newest.set(device, time);
    return time;
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    const saved = state.get(KEY);
    this.#saved = saved !== undefined;
    // Written by `changes`.
    this.#newest = new Map(saved ? (JSON.parse(Buffer.from(saved).toString()) as [string, number][]) : []);
  }

  /** What comes next was received at `clock` or later, so the rest may be forgotten. */
  changes(state: Map<string, Uint8Array | undefined>, clock: number): void {
    for (const [device, time] of this.#newest) if (time < clock) this.#newest.delete(device);
    if (this.#newest.size > 0) state.set(KEY, Buffer.from(JSON.stringify([...this.#newest])));
    else if (this.#saved) state.set(KEY, undefined);
    this.#saved = this.#newest.size > 0;
  }
}
