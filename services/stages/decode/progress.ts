/** How far decode has come: its clock, the offset after the newest uplink, and what was derived anew since that uplink. */
import { Buffer } from 'node:buffer';
import type { Uplink } from '../../model/uplink.ts';
import type { Slice } from '../../pipeline/stage.ts';

const KEY = 'clock';
/**
 * As many as a reading has room for. What comes after it has the same, and still wins: of one uplink and revision the store
 * takes the later row (engines/series/decide.ts), and each chunk is written once, in the commit that counts it.
 */
export const LAST_REVISION = 0xffff;

export class Progress {
  #clock = 0;
  #end = 0;
  #revision = 0;

  /** Receipt time of the newest uplink or tick handled, epoch ms; 0 before the first. */
  get clock(): number {
    return this.#clock;
  }

  /** Offset after the newest uplink handled. */
  get end(): number {
    return this.#end;
  }

  /** The clock is that of the newest record handled, also where a block comes in parts. */
  advance({ block, to }: Slice, last: Uplink | undefined): void {
    this.#clock = Math.max(this.#clock, to === block.count ? block.at : (last?.receivedAt ?? 0));
    if (block.first + to === this.#end) return;
    this.#end = block.first + to;
    this.#revision = 0;
  }

  /** Rows derived anew win over all that came before: the newest uplink, and one revision more each time. */
  stamp(): { uplink: number; revision: number; received: number } {
    this.#revision = Math.min(this.#revision + 1, LAST_REVISION);
    return { uplink: Math.max(0, this.#end - 1), revision: this.#revision, received: this.#clock };
  }

  restore(state: ReadonlyMap<string, Uint8Array>): void {
    const saved = state.get(KEY);
    const b = saved && Buffer.from(saved.buffer, saved.byteOffset, saved.byteLength);
    this.#clock = b?.readDoubleLE(0) ?? 0;
    this.#end = b?.readDoubleLE(8) ?? 0;
    this.#revision = b?.readUInt16LE(16) ?? 0;
  }

  changes(state: Map<string, Uint8Array | undefined>): void {
    const b = Buffer.allocUnsafe(18);
    b.writeDoubleLE(this.#clock, 0);
    b.writeDoubleLE(this.#end, 8);
    b.writeUInt16LE(this.#revision, 16);
    state.set(KEY, b);
  }
}
