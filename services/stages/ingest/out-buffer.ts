/** What leaves: collected for one turn of the event loop, so that the acks of a group leave in one write a socket. */

/** Asks every connection that has something to say to send it, at the end of the present turn. */
interface Flushed {
  flush(): void;
}

export class Flusher {
  #dirty: Flushed[] = [];

  add(connection: Flushed): void {
    if (this.#dirty.push(connection) === 1) process.nextTick(() => this.#run());
  }

  #run(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const connection of dirty) connection.flush();
  }
}

/** Most devices have one message on its way, and a buffer of this size comes cheap from Node's pool. */
const FIRST_BYTES = 64;
const PUBACK = 0x40;

/** Bytes collected; mqtt-packet writes a packet in pieces of a byte or two. */
export class OutBuffer {
  #bytes: Buffer | undefined;
  #end = 0;

  get length(): number {
    return this.#end;
  }

  /** True when these are the first bytes since `take`. */
  add(bytes: Buffer): boolean {
    const first = this.#bytes === undefined;
    const out = this.#room(bytes.length);
    // For a few bytes a loop is quicker than a call into C++.
    if (bytes.length <= 4)
      for (let i = 0; i < bytes.length; i++) out[this.#end + i] = bytes[i]!; // within both
    else bytes.copy(out, this.#end);
    this.#end += bytes.length;
    return first;
  }

  /** A PUBACK, section 3.4. True when these are the first bytes since `take`. */
  addAck(packetId: number): boolean {
    const first = this.#bytes === undefined;
    const out = this.#room(4);
    const at = this.#end;
    out[at] = PUBACK;
    out[at + 1] = 2;
    out[at + 2] = packetId >> 8;
    out[at + 3] = packetId & 0xff;
    this.#end = at + 4;
    return first;
  }

  /** What was collected; a socket may keep it for as long as it likes. */
  take(): Buffer | undefined {
    const bytes = this.#bytes?.subarray(0, this.#end);
    this.#bytes = undefined;
    this.#end = 0;
    return bytes;
  }

  #room(bytes: number): Buffer {
    const end = this.#end + bytes;
    const out = this.#bytes;
    if (out && end <= out.length) return out;
    const larger = Buffer.allocUnsafe(Math.max(end, out ? out.length * 4 : FIRST_BYTES));
    if (out) out.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
    return larger;
  }
}
