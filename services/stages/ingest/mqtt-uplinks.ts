/** What devices send over MQTT, on its way to the log: which topic it may have, once or again, and what its ack waits for. */
import type { Client, PublishPacket } from 'aedes';
import type { Uplink, UplinkKind } from '../../model/uplink.ts';
import type { Breaches } from './breaches.ts';
import { type FramedConnection, framed } from './framed-connection.ts';
import type { GroupAppend } from './group-append.ts';
import { readPublish, topicIs } from './publish-packet.ts';
import type { Qos2 } from './qos2.ts';

type Done = (error?: Error | null) => void;

export interface MqttUplinksOptions {
  group: GroupAppend;
  qos2: Qos2;
  breaches: Breaches;
}

export class MqttUplinks {
  #o: MqttUplinksOptions;
  #stopping = false;

  constructor(options: MqttUplinksOptions) {
    this.#o = options;
  }

  /** From now on it is we who close connections: no will says that a device went offline. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Nearly all that devices send: a reading or a status with QoS 0 or 1. It needs nothing of aedes but the PUBACK, and
   * that way costs a quarter of the broker's thread. False for all else, also for what is to be refused.
   */
  takeAtOnce(connection: FramedConnection, bytes: Buffer, at: number, from: number, to: number): boolean {
    const rights = connection.rights;
    const publish = readPublish(bytes, at, from);
    if (!rights || publish.qos === 2 || this.#stopping) return false;
    const { uplink } = rights;
    if (topicIs(bytes, publish, rights.readings)) uplink.kind = 'readings';
    else if (topicIs(bytes, publish, rights.status)) uplink.kind = 'status';
    else return false;
    const { packetId } = publish;
    uplink.qos = publish.qos;
    uplink.dup = publish.dup;
    uplink.packetId = packetId;
    uplink.payload = bytes.subarray(publish.payloadFrom, to);
    this.#o.group.append(uplink, (error) => connection.settle(packetId, error));
    return true;
  }

  /** All else: QoS 2, wills, and what is refused. The only hook of aedes before the PUBACK: `done` is called when the uplink is on disk, or with an error. */
  take(client: Client | null, packet: PublishPacket, done: Done): void {
    const rights = client && framed(client).rights;
    if (!client || !rights) {
      done(new Error('nobody may publish here'));
      return;
    }
    // aedes gives a will as it stood in CONNECT, without a packet type.
    const isWill = (packet.cmd as string | undefined) === undefined;
    const kind: UplinkKind | undefined =
      packet.topic === rights.readings ? 'readings' : packet.topic === rights.status ? 'status' : undefined;
    if (kind === undefined) {
      const { device, uplink } = rights;
      const topic = packet.topic;
      this.#o.breaches.report({ reason: 'publish-denied', actor: device, organisation: uplink.owner, object: topic });
      done(new Error('not its own topic')); // closes the connection, no ack [MQTT-3.3.5-2]
      return;
    }
    if (isWill && this.#stopping) {
      done(new Error('stopping')); // it is we who went offline, not the device
      return;
    }
    const { uplink } = rights;
    uplink.kind = kind;
    uplink.qos = packet.qos;
    uplink.dup = packet.dup ?? false;
    uplink.packetId = isWill || packet.qos === 0 ? 0 : (packet.messageId ?? 0);
    uplink.payload = packet.payload as Buffer; // the parser's own slice
    if (uplink.qos === 2 && !isWill) this.#takeOnce(client.id, uplink, done);
    else this.#o.group.append(uplink, done);
  }

  #takeOnce(client: string, uplink: Uplink, done: Done): void {
    const { qos2, group, breaches } = this.#o;
    const { packetId } = uplink;
    const verdict = qos2.open(client, packetId, uplink.payload, uplink.session !== '');
    if (verdict === 'known') done(null);
    else if (verdict === 'too-many') {
      breaches.report({ reason: 'qos2-handshakes', actor: uplink.device, organisation: uplink.owner });
      done(new Error('too many QoS 2 handshakes are open'));
    } else if (verdict === 'appending') {
      // The first copy is on its way to disk; this one answers when that one is there.
      group.barrier((error) => done(error ?? (qos2.isDurable(client, packetId) ? null : new Error('not appended'))));
    } else {
      group.append(uplink, (error) => {
        qos2.appended(client, packetId, error === null);
        done(error);
      });
    }
  }
}
