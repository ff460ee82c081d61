/** A reading as one MQTT PUBLISH packet of QoS 0 (MQTT-3.3), made once however many get it. */
import { Buffer } from 'node:buffer';
import type { Catalogue } from '../../knowledge/catalogue/catalogue.ts';
import type { LiveReading } from '../../model/live.ts';
import { markNames } from '../../model/readings.ts';
import { formatTime } from '../../model/time.ts';

export class PublishPackets {
  #catalogue: Catalogue;
  #last: LiveReading | undefined;
  #packet: Buffer = Buffer.alloc(0);

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  of(reading: LiveReading): Buffer {
    if (reading === this.#last) return this.#packet;
    this.#last = reading;
    this.#packet = this.#encode(reading);
    return this.#packet;
  }

  #encode({ series, time, value, marks }: LiveReading): Buffer {
    const topic = `live/${series.owner}/${series.type}/${series.asset}/${series.quantity}`;
    const unit = this.#catalogue.quantity(series.quantity)?.unit ?? '';
    const payload = JSON.stringify({ time: formatTime(time), value, unit, marks: markNames(marks) });
    return encodePublish(topic, payload);
  }
}

export function encodePublish(topic: string, payload: string): Buffer {
  const topicBytes = Buffer.byteLength(topic);
  const remaining = 2 + topicBytes + Buffer.byteLength(payload);
  // Remaining length: 7 bits a byte, the high bit says that more follow (MQTT-2.2.3).
  const length: number[] = [];
  for (let left = remaining; ; left >>>= 7) {
    if (left < 128) {
      length.push(left);
      break;
    }
    length.push((left & 127) | 128);
  }
  const packet = Buffer.allocUnsafe(1 + length.length + remaining);
  packet[0] = 0x30; // PUBLISH, QoS 0, neither DUP nor RETAIN
  packet.set(length, 1);
  const at = 1 + length.length;
  packet.writeUInt16BE(topicBytes, at);
  packet.write(topic, at + 2);
  packet.write(payload, at + 2 + topicBytes);
  return packet;
}
