/** What a chunk ends with when the network cuts a packet: kept until the rest of it comes. */
import { Buffer } from 'node:buffer';
import { fixedHeader } from './packet-check.ts';

export class PartialPacket {
  #bytes: Buffer | undefined;
  #end = 0;
  /** Of the whole packet; 0 while not even its length has come. */
  #size = 0;

  get isEmpty(): boolean {
    return this.#bytes === undefined;
  }

  keep(rest: Buffer): void {
    const fixed = fixedHeader(rest, 0, rest.length);
    this.#size = fixed === -1 ? 0 : (fixed & 7) + (fixed >>> 3);
    // A copy: a view would keep all of a 64 KiB chunk alive for a few bytes.
    this.#bytes = Buffer.allocUnsafe(Math.max(this.#size, rest.length));
    this.#end = rest.copy(this.#bytes);
  }

  /** What can go on with the help of `chunk`: nothing yet, or the packet that was kept, and what follows it. */
  join(chunk: Buffer): Buffer[] {
    const bytes = this.#bytes;
    if (!bytes) return [chunk];
    if (this.#size === 0) {
      // At most four bytes.
      this.clear();
      return [Buffer.concat([bytes, chunk])];
    }
    const taken = chunk.copy(bytes, this.#end, 0, this.#size - this.#end);
    this.#end += taken;
    if (this.#end < this.#size) return [];
    this.clear();
    return taken === chunk.length ? [bytes] : [bytes, chunk.subarray(taken)];
  }

  clear(): void {
    this.#bytes = undefined;
  }
}
