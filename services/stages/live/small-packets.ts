/**
 * In front of the live broker: a subscriber sends small packets only, so whatever announces more is cut off before a byte
 * of it is kept. Walks the fixed headers (MQTT-2.2) and passes everything else through.
 */
import { Duplex } from 'node:stream';

/** Room for a SUBSCRIBE with a hundred filters. */
const MOST_PACKET_BYTES = 16 * 1024;

/** The connection as the broker sees it; destroyed with an error at the first packet that is too large or malformed. */
export function smallPackets(socket: Duplex): Duplex {
  const walk = new HeaderWalk();
  const guarded = new Duplex({
    read: () => {
      socket.resume();
    },
    write: (chunk: Buffer, _encoding, done) => {
      // Synchronous: what the feed writes to the socket itself keeps its place between whole packets.
      socket.write(chunk);
      done();
    },
    final: (done) => {
      socket.end();
      done();
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    const wrong = walk.check(chunk);
    if (wrong) guarded.destroy(new Error(wrong));
    else if (!guarded.push(chunk)) socket.pause();
  });
  socket.on('end', () => guarded.push(null));
  socket.on('error', (error) => guarded.destroy(error));
  socket.on('close', () => guarded.destroy());
  return guarded;
}

const CONNECT = 1;

class HeaderWalk {
  #left = 0; // bytes of the present packet still to come
  #length = 0;
  #shift = -1; // -1: the next byte begins a packet
  #first = true;

  /** What is wrong with the packets so far, or undefined. */
  check(chunk: Buffer): string | undefined {
    for (let i = 0; i < chunk.length; ) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, chunk.length - i);
        this.#left -= step;
        i += step;
        continue;
      }
      const byte = chunk[i++]!; // i is within the chunk
      if (this.#shift < 0) {
        if (this.#first && byte >> 4 !== CONNECT) return 'the first packet is not CONNECT';
        this.#first = false;
        this.#shift = 0;
        this.#length = 0;
        continue;
      }
      this.#length += (byte & 127) << this.#shift;
      this.#shift += 7;
      if (byte < 128) {
        if (this.#length > MOST_PACKET_BYTES) return `a packet of ${this.#length} bytes`;
        this.#left = this.#length;
        this.#shift = -1;
      } else if (this.#shift > 21) return 'a malformed remaining length';
    }
    return undefined;
  }
}
